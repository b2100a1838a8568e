/** Rollouts as people drive them: start, pause, resume, promote, roll back. The loop that judges them is in rollout-loop.ts. */
import type { Plan, PlanInput, Rollout, RolloutAction, RolloutPoint } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { recordAudit, type AuditRecord } from "../audit/audit-log.ts";
import { exposureOf } from "../flags/exposure.ts";
import type { FlagService } from "../flags/flag-service.ts";
import { inEnvironment, shellWord } from "../flags/undo-command.ts";
import { lastObservationId } from "../observations/observation-source.ts";
import type { Commit, Commits } from "../storage/commits.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { choosePlan } from "./choose-plan.ts";
import { refuseBlocked, type RolloutSurroundings } from "./refuse-blocked.ts";
import { rollbackEdits, weightEdit } from "./rollout-edits.ts";
import { readPoints } from "./rollout-points.ts";
import {
  findOwners,
  insertRollout,
  isUnfinished,
  listRollouts,
  readLatest,
  readLatestOf,
  readRollout,
  readUnfinished,
  updateRollout,
  type StoredRollout,
} from "./rollout-table.ts";
import { advance, end, nextStep, pause, resume, startAttempt } from "./transitions.ts";

export interface RolloutServiceOptions {
  readonly storage: Storage;
  readonly commits: Commits;
  readonly flags: FlagService;
  readonly newId: () => string;
  /** Plans that have a name. */
  readonly presets: Readonly<Record<string, PlanInput>>;
  /** Flags turned off with a flag when nobody names others. */
  readonly linkedFlags: (flag: string) => readonly string[];
  /** The flag whose rollout has to be complete before `active`. */
  readonly stageFlag: string;
  /** What decides about an environment's flags beside their definitions. */
  readonly surroundings: (environment: string) => RolloutSurroundings;
}

/** What a person wants done with a rollout, and why. */
export interface ActOnRollout {
  readonly action: RolloutAction;
  readonly reason: string;
}

/** How and by whom a rollout ends before its time. */
export interface RollbackEnding {
  readonly status: "rolled-back" | "aborted";
  readonly by: string;
  readonly reason: string;
}

/** What a caller asks for. */
export interface StartRollout {
  readonly flag: string;
  readonly plan: string | Plan;
  readonly linkedFlags: readonly string[];
  readonly reason: string;
  /** Start although nobody would get the flag. */
  readonly force: boolean;
}

export class RolloutService {
  readonly #options: RolloutServiceOptions;
  /** By environment and flag: the latest attempt, kept in memory for screens. */
  readonly #latest = new Map<string, Map<string, Rollout>>();

  constructor(options: RolloutServiceOptions) {
    this.#options = options;
  }

  /** Brings memory up to date with the database; answers the latest attempt on each flag. */
  async refresh(environment: string): Promise<readonly Rollout[]> {
    const latest = (await readLatest(this.#options.storage.read, environment)).map((stored) => stored.rollout);
    this.#latest.set(environment, new Map(latest.map((rollout) => [rollout.flag, rollout])));
    return latest;
  }

  /** The latest attempt on each flag. Needs no database. */
  latest(environment: string): Rollout[] {
    return [...(this.#latest.get(environment)?.values() ?? [])];
  }

  /** Rollout id by flag, of the unfinished ones. Needs no database. */
  owners(environment: string): ReadonlyMap<string, string> {
    return new Map(
      this.latest(environment)
        .filter(isUnfinished)
        .map((rollout) => [rollout.flag, rollout.id]),
    );
  }

  async list(
    environment: string,
    page: { readonly limit: number; readonly before?: number | undefined; readonly flag?: string | undefined },
  ): Promise<Rollout[]> {
    return await listRollouts(this.#options.storage.read, environment, page);
  }

  async get(environment: string, id: string): Promise<Rollout> {
    return (await requireRollout(this.#options.storage.read, environment, id)).rollout;
  }

  async history(environment: string, id: string): Promise<RolloutPoint[]> {
    await this.get(environment, id);
    return await readPoints(this.#options.storage.read, id);
  }

  /**
   * Starts an attempt: its flag goes to the first step's weight at once.
   *
   * @throws `plan_not_found`, `plan_invalid`, `flag_not_found`, `flag_locked`, `flag_type_mismatch`, `rollout_exists`,
   * `rollout_precondition`.
   */
  async start(environment: string, request: StartRollout, by: string): Promise<Rollout & { undo: string }> {
    const { commits, flags, newId, linkedFlags } = this.#options;
    const plan = choosePlan(request.plan, this.#options.presets);
    const linked = request.linkedFlags.length > 0 ? request.linkedFlags : linkedFlags(request.flag);
    const rollout = await commits.run(async (commit) => {
      const state = await flags.current(commit.writer, environment);
      const definition = state.flagSet.flags[request.flag];
      const missing = [request.flag, ...linked].find((key) => state.flagSet.flags[key] === undefined);
      if (definition === undefined || missing !== undefined)
        throw new DimmerError("flag_not_found", `There is no flag '${missing ?? request.flag}'.`, { flag: missing });
      if ((state.compiled.flags.get(request.flag)?.onVariants.length ?? 0) === 0) {
        throw new DimmerError(
          "flag_type_mismatch",
          `The flag '${request.flag}' has no on-variant, so it has no exposure to raise. Give it onVariants.`,
          { flag: request.flag },
        );
      }
      const before = await readLatestOf(commit.writer, environment, request.flag);
      if (before !== undefined && isUnfinished(before.rollout)) {
        throw new DimmerError(
          "rollout_exists",
          `The flag '${request.flag}' has the rollout ${before.rollout.id}, which is ${before.rollout.status}.`,
          { flag: request.flag, rollout: before.rollout.id },
        );
      }
      if (!request.force) refuseBlocked(state, request.flag, this.#options.surroundings(environment));
      const weightPercent = plan.steps[0]?.weightPercent ?? 0;
      const reason = request.reason === "" ? `${weightPercent} % by plan ${plan.name}` : request.reason;
      const { version } = await flags.edit(commit, environment, [weightEdit(request.flag, definition, weightPercent)], {
        by,
        reason,
      });
      const attempt = (before?.rollout.attempt ?? 0) + 1;
      const started = startAttempt(
        { id: newId(), environment, flag: request.flag, attempt, plan, linkedFlags: linked, by, setVersion: version },
        { nowMs: commit.nowMs, reason },
      );
      await insertRollout(
        commit.writer,
        { rollout: started, observedThrough: await lastObservationId(commit.writer), fence: 0 },
        commit.nowMs,
      );
      await this.#record(commit, started, { action: "rollout-started", by, version, undo: undoOf(started) });
      return started;
    });
    return { ...rollout, undo: undoOf(rollout) };
  }

  /**
   * Does what a person decided.
   *
   * @throws `rollout_not_found`, `rollout_not_active`.
   */
  async act(environment: string, id: string, request: ActOnRollout, by: string): Promise<Rollout & { undo?: string }> {
    const { action, reason } = request;
    const acted = await this.#options.commits.run(async (commit) => {
      const stored = await requireRollout(commit.writer, environment, id);
      await this.#assertPossible(commit, stored.rollout, action);
      const said = `${pastTense[action]} by ${by}${reason === "" ? "" : `: ${reason}`}`;
      const moment = { nowMs: commit.nowMs, reason: said };
      switch (action) {
        case "pause":
          return await this.settle(commit, stored, pause(stored.rollout, moment), { by });
        case "resume":
          return await this.settle(commit, stored, resume(stored.rollout, moment), { by });
        case "promote":
          return await this.goOn(commit, stored, by, said);
        case "rollback":
          return await this.rollBack(commit, stored, { status: "rolled-back", by, reason: said });
      }
    });
    const undo = undoOfAction(acted, action);
    return undo === undefined ? acted : { ...acted, undo };
  }

  /** To the next step, or to the end. */
  async goOn(commit: Commit, stored: StoredRollout, by: string, reason: string): Promise<Rollout> {
    const { rollout } = stored;
    const next = nextStep(rollout);
    const moment = { nowMs: commit.nowMs, reason };
    if (next === undefined) return await this.settle(commit, stored, end(rollout, "succeeded", moment), { by });
    const { flags } = this.#options;
    const state = await flags.current(commit.writer, rollout.environment);
    const edits = [weightEdit(rollout.flag, state.flagSet.flags[rollout.flag], next.weightPercent)];
    const { version } = await flags.edit(commit, rollout.environment, edits, {
      by,
      reason,
      actingFor: { rollout: rollout.id },
    });
    return await this.settle(commit, stored, advance(rollout, version, moment), { by, version });
  }

  /** The flag to 0, linked flags off, the reason kept. */
  async rollBack(commit: Commit, stored: StoredRollout, ending: RollbackEnding): Promise<Rollout> {
    const { flags } = this.#options;
    const { status, by, reason } = ending;
    const { rollout } = stored;
    const owners = await findOwners(commit.writer, rollout.environment);
    const edits = rollbackEdits(rollout, await flags.current(commit.writer, rollout.environment), owners);
    const { version } = await flags.edit(commit, rollout.environment, edits, {
      by,
      reason,
      actingFor: { rollout: rollout.id },
    });
    return await this.settle(commit, stored, end(rollout, status, { nowMs: commit.nowMs, reason }), { by, version });
  }

  /**
   * Writes what became of a rollout whose status or step changed, with its audit entry.
   *
   * @throws `flag_set_conflict` when somebody else has written it meanwhile; nothing of the transaction stays then.
   */
  async settle(
    commit: Commit,
    stored: StoredRollout,
    rollout: Rollout,
    change: { readonly by: string; readonly version?: number },
  ): Promise<Rollout> {
    const before = stored.rollout;
    const nextRunAtMs = isUnfinished(rollout) ? commit.nowMs : null;
    if (!(await updateRollout(commit.writer, { ...stored, rollout }, nextRunAtMs))) {
      throw new DimmerError(
        "flag_set_conflict",
        `The rollout ${rollout.id} was changed by another process at the same time.`,
        { rollout: rollout.id },
      );
    }
    const action = before.stepIndex === rollout.stepIndex ? statusActions[rollout.status] : "rollout-advanced";
    await this.#record(commit, rollout, {
      action,
      ...change,
      undo: isUnfinished(rollout) ? undoOf(rollout) : undefined,
    });
    return rollout;
  }

  /** Ends the unfinished rollouts of these flags, each with its flag at 0. */
  async abort(
    commit: Commit,
    environment: string,
    flags: ReadonlySet<string> | "all",
    author: { readonly by: string; readonly reason: string },
  ): Promise<void> {
    for (const stored of await readUnfinished(commit.writer, environment)) {
      if (flags !== "all" && !flags.has(stored.rollout.flag)) continue;
      await this.rollBack(commit, stored, { status: "aborted", by: author.by, reason: `aborted: ${author.reason}` });
    }
  }

  /** Why the rollout that `active` needs is not complete; undefined when it is. */
  async whyIncomplete(reader: Reader, environment: string): Promise<string | undefined> {
    const { stageFlag, flags } = this.#options;
    const latest = (await readLatestOf(reader, environment, stageFlag))?.rollout;
    if (latest === undefined) return `'${stageFlag}' has had no rollout`;
    if (latest.status !== "succeeded") return `the rollout of '${stageFlag}' is ${latest.status}`;
    const state = await flags.current(reader, environment);
    const definition = state.flagSet.flags[stageFlag];
    const compiled = state.compiled.flags.get(stageFlag);
    if (definition === undefined || compiled === undefined) return `there is no flag '${stageFlag}'`;
    const exposure = exposureOf(definition, compiled, 0);
    const isWhole = compiled.onVariants.some((variant) => compiled.variants.get(variant) === exposure.value);
    return isWhole ? undefined : `'${stageFlag}' is no longer at 100 % but at ${exposure.words}`;
  }

  async #assertPossible(commit: Commit, rollout: Rollout, action: RolloutAction): Promise<void> {
    const { status, id, environment, flag } = rollout;
    const allowed = {
      pause: ["running"],
      resume: ["paused"],
      promote: ["running", "paused"],
      rollback: ["running", "paused", "succeeded"],
    }[action];
    if (!allowed.includes(status))
      throw new DimmerError(
        "rollout_not_active",
        `The rollout ${id} of '${flag}' is ${status}; it cannot be ${pastTense[action]}.`,
        { rollout: id, status, action },
      );
    const latest = await readLatestOf(commit.writer, environment, flag);
    if (latest !== undefined && latest.rollout.id !== id) {
      throw new DimmerError(
        "rollout_not_active",
        `The rollout ${id} is not the latest of '${flag}'; that is ${latest.rollout.id}.`,
        { rollout: id, latest: latest.rollout.id },
      );
    }
  }

  async #record(
    commit: Commit,
    rollout: Rollout,
    record: Pick<AuditRecord, "action" | "by" | "version" | "undo">,
  ): Promise<void> {
    await commit.announce(rollout.environment, "rollout", rollout.id);
    await recordAudit(commit, {
      environment: rollout.environment,
      target: rollout.flag,
      reason: rollout.reason,
      ...record,
    });
  }
}

const pastTense = { pause: "paused", resume: "resumed", promote: "promoted", rollback: "rolled back" } as const;
const statusActions = {
  running: "rollout-resumed",
  paused: "rollout-paused",
  succeeded: "rollout-succeeded",
  "rolled-back": "rollout-rolled-back",
  aborted: "rollout-aborted",
} as const;

async function requireRollout(reader: Reader, environment: string, id: string): Promise<StoredRollout> {
  const stored = await readRollout(reader, environment, id);
  if (stored === undefined) throw new DimmerError("rollout_not_found", `There is no rollout '${id}'.`, { rollout: id });
  return stored;
}

function target(rollout: Rollout): string {
  return ` ${shellWord(rollout.flag)}${inEnvironment(rollout.environment)}`;
}

function undoOfAction(rollout: Rollout, action: RolloutAction): string | undefined {
  switch (action) {
    case "pause":
      return `dimmer resume${target(rollout)}`;
    case "resume":
      return `dimmer pause${target(rollout)}`;
    case "promote":
      return undoOf(rollout);
    case "rollback":
      // A rollback is taken back by a new attempt, from 0.
      return undefined;
  }
}

function undoOf(rollout: Rollout): string {
  return `dimmer rollback${target(rollout)}`;
}
