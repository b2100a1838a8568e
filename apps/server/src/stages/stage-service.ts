/** The sequence dark → shadow → canary → active. Entering a stage is one change set, with its preconditions. */
import {
  stageNames,
  type ChangeResult,
  type FlagDefinitions,
  type Stage,
  type StageName,
  type StageStatus,
} from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { recordAudit } from "../audit/audit-log.ts";
import { toIso, type Clock } from "../clock.ts";
import type { FlagService } from "../flags/flag-service.ts";
import { isOnValue } from "../flags/flag-views.ts";
import { inEnvironment } from "../flags/undo-command.ts";
import type { Commit, Commits } from "../storage/commits.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { findDrift } from "./find-drift.ts";
import { stageEdits } from "./stage-edits.ts";
import { readStage, writeStage, type EnteredStage } from "./stage-table.ts";

/** What stages ask of rollouts. */
export interface StageRollouts {
  /** Aborts the unfinished rollouts of these flags, inside an open commit. */
  abort(
    commit: Commit,
    environment: string,
    flags: ReadonlySet<string> | "all",
    author: { readonly by: string; readonly reason: string },
  ): Promise<void>;
  /** Why the rollout that `active` needs is not complete, as a transaction sees it; undefined when it is. */
  whyIncomplete(reader: Reader, environment: string): Promise<string | undefined>;
  /** Flags that unfinished rollouts own. Needs no database. */
  ownedFlags(environment: string): ReadonlySet<string>;
}

export interface StageServiceOptions {
  readonly storage: Storage;
  readonly commits: Commits;
  readonly clock: Clock;
  readonly flags: FlagService;
  readonly rollouts: StageRollouts;
  /** The sequence, lowest first. */
  readonly stages: readonly Stage[];
  /** What a flag of the sequence is when an environment has it no more. */
  readonly definitions: FlagDefinitions;
}

/** What a caller asks for, and who. */
export interface EnterStage {
  readonly stage: StageName;
  readonly reason: string;
  readonly force: boolean;
  readonly by: string;
}

export class StageService {
  readonly #options: StageServiceOptions;
  readonly #entered = new Map<string, EnteredStage>();

  constructor(options: StageServiceOptions) {
    this.#options = options;
  }

  /** Brings memory up to date with the database. */
  async refresh(environment: string): Promise<StageStatus> {
    const entered = await readStage(this.#options.storage.read, environment);
    if (entered !== undefined) this.#entered.set(environment, entered);
    return this.status(environment);
  }

  /** Whether the environment stands anywhere yet: one that is being created does not. */
  isKnown(environment: string): boolean {
    return this.#entered.has(environment);
  }

  #assigned(stage: StageName): ReadonlySet<string> {
    return new Set(this.#stage(stage).assignments.map((assignment) => assignment.flag));
  }

  /** Where the environment stands. Needs no database. */
  status(environment: string): StageStatus {
    const { flags, rollouts, clock } = this.#options;
    const entered = this.#entered.get(environment);
    if (entered === undefined)
      throw new DimmerError("environment_not_found", `There is no environment '${environment}'.`, { environment });
    const drift = findDrift(
      this.#stage(entered.current),
      flags.state(environment),
      rollouts.ownedFlags(environment),
      clock.nowMs(),
    );
    return { current: entered.current, enteredAt: toIso(entered.enteredAtMs), enteredBy: entered.enteredBy, drift };
  }

  /** The stage above the present one, where that is what turns a flag on: the present one assigns it another value. */
  nextStageTurningOn(environment: string, flag: string): StageName | undefined {
    const current = this.#entered.get(environment)?.current;
    const next = current === undefined ? undefined : stageNames[stageNames.indexOf(current) + 1];
    if (current === undefined || next === undefined) return undefined;
    const { compiled } = this.#options.flags.state(environment);
    const isOnIn = (stage: StageName): boolean => {
      const assigned = this.#stage(stage).assignments.find((assignment) => assignment.flag === flag);
      return assigned?.type === "serve" && isOnValue(compiled, flag, assigned.value);
    };
    return isOnIn(next) && !isOnIn(current) ? next : undefined;
  }

  /** Puts a new environment into `dark`, whose assignments its definitions already serve. */
  async create(commit: Commit, environment: string, by: string): Promise<void> {
    await writeStage(commit.writer, environment, { current: "dark", enteredAtMs: commit.nowMs, enteredBy: by });
    await commit.announce(environment, "stage", "");
  }

  /**
   * Enters a stage. `dark` always succeeds, and aborts whatever rollout is running; other stages, entered from above,
   * abort the rollouts of the flags they assign.
   *
   * @throws `stage_order`, `stage_precondition`, and what editing flags throws.
   */
  async enter(environment: string, request: EnterStage): Promise<ChangeResult & { stage: StageStatus }> {
    const { commits, flags, rollouts } = this.#options;
    const result = await commits.run(async (commit) => {
      const before = (await readStage(commit.writer, environment))?.current ?? "dark";
      if (!request.force) await this.#assertAllowed(commit, environment, before, request.stage);
      const reason = request.reason === "" ? `stage ${request.stage}` : request.reason;
      const author = { by: request.by, reason };
      if (request.stage === "dark") await rollouts.abort(commit, environment, "all", author);
      // Downwards the stage takes back what it assigns; upwards a running rollout refuses to be overruled.
      else if (isBelow(request.stage, before))
        await rollouts.abort(commit, environment, this.#assigned(request.stage), author);
      const actingFor = request.stage === "dark" ? ({ actingFor: "dark" } as const) : {};
      const { flagSet } = await flags.current(commit.writer, environment);
      const edits = stageEdits(this.#stage(request.stage), flagSet.flags, this.#options.definitions.flags);
      const changes = await flags.edit(commit, environment, edits, {
        by: request.by,
        reason,
        ...actingFor,
      });
      await writeStage(commit.writer, environment, {
        current: request.stage,
        enteredAtMs: commit.nowMs,
        enteredBy: request.by,
      });
      await commit.announce(environment, "stage", "");
      const undo = before === request.stage ? changes.undo : undoOfStage(environment, before, request.stage);
      await recordAudit(commit, {
        environment,
        by: request.by,
        action: "stage-entered",
        target: request.stage,
        reason: request.reason,
        version: changes.version,
        undo,
      });
      const answer: ChangeResult = { version: changes.version, changed: changes.changed };
      if (undo !== undefined) answer.undo = undo;
      return answer;
    });
    return { ...result, stage: this.status(environment) };
  }

  async #assertAllowed(commit: Commit, environment: string, from: StageName, to: StageName): Promise<void> {
    const next = stageNames[stageNames.indexOf(from) + 1];
    if (stageNames.indexOf(to) > stageNames.indexOf(from) && to !== next) {
      throw new DimmerError(
        "stage_order",
        `The environment stands in '${from}'; enter '${next ?? from}' before '${to}'.`,
        { current: from, next, wanted: to },
      );
    }
    if (to !== "active") return;
    const why = await this.#options.rollouts.whyIncomplete(commit.writer, environment);
    if (why !== undefined)
      throw new DimmerError("stage_precondition", `The stage 'active' needs a completed rollout: ${why}.`, {
        wanted: to,
        reason: why,
      });
  }

  #stage(name: StageName): Stage {
    const stage = this.#options.stages.find((one) => one.name === name);
    if (stage === undefined) throw new DimmerError("stage_not_found", `There is no stage '${name}'.`, { stage: name });
    return stage;
  }
}

function undoOfStage(environment: string, before: StageName, after: StageName): string {
  const isJump = stageNames.indexOf(before) > stageNames.indexOf(after) + 1 || before === "active";
  return `dimmer stage ${before}${isJump ? " --force" : ""}${inEnvironment(environment)}`;
}

function isBelow(stage: StageName, other: StageName): boolean {
  return stageNames.indexOf(stage) < stageNames.indexOf(other);
}
