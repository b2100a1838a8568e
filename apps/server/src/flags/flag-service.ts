/**
 * The flag sets of all environments: held compiled in memory for reading, changed by edits that land together or not at
 * all. Stages and rollouts change flags through `edit`, inside transactions of their own.
 */
import { compile, type CompiledFlagSet, type Fault } from "@dimmer/engine";
import { describeFault } from "@dimmer/engine/faults";
import type { ChangeResult, Edit, Flag, FlagDefinitions, FlagSet } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { applyEdit } from "@dimmer/stores";
import { nextVersion } from "@dimmer/spec/flag-set-version";
import { parseKillSwitchKey } from "@dimmer/spec/kill-set";
import { recordAudit } from "../audit/audit-log.ts";
import type { Commit, Commits } from "../storage/commits.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { canonicalJson, hashJson } from "./canonical-json.ts";
import { readFlagSet, readHeader, writeFlagSet, type Authorship } from "./flag-set-table.ts";
import { undoOfEdits } from "./undo-command.ts";

/** A flag set and its compiled form. */
export interface FlagSetState {
  readonly flagSet: FlagSet;
  readonly compiled: CompiledFlagSet;
}

/** Who may change which flags in one edit. */
export interface EditOptions extends Authorship {
  /** A rollout that changes its own flag, or `dark`, which nothing holds up. Default: nobody. */
  readonly actingFor?: { readonly rollout: string } | "dark" | undefined;
  readonly ifVersion?: number | undefined;
}

/** What the flags feature asks of rollouts: who owns which flag, as an open transaction sees it. */
export type FindOwners = (reader: Reader, environment: string) => Promise<ReadonlyMap<string, string>>;

/** What the service stands on. */
export interface FlagServiceOptions {
  readonly storage: Storage;
  readonly commits: Commits;
  readonly newId: () => string;
  readonly findOwners: FindOwners;
}

export class FlagService {
  readonly #options: FlagServiceOptions;
  readonly #states = new Map<string, FlagSetState>();
  /** What the last edits built, so that the set need not be read and compiled again after its commit. */
  readonly #built = new Map<string, FlagSetState>();

  constructor(options: FlagServiceOptions) {
    this.#options = options;
  }

  /** The set in force. Needs no database. */
  state(environment: string): FlagSetState {
    const state = this.#states.get(environment);
    if (state === undefined)
      throw new DimmerError("environment_not_found", `There is no environment '${environment}'.`, { environment });
    return state;
  }

  /** The definition of one flag. */
  definition(environment: string, key: string): Flag {
    const flag = this.state(environment).flagSet.flags[key];
    if (flag === undefined) throw new DimmerError("flag_not_found", `There is no flag '${key}'.`, { flag: key });
    return flag;
  }

  /** Brings memory up to date with the database. */
  async refresh(environment: string): Promise<FlagSetState> {
    const reader = this.#options.storage.read;
    const state = await this.current(reader, environment);
    this.#built.delete(environment);
    this.#states.set(environment, state);
    return state;
  }

  /** Edits flags in a commit of its own. */
  async applyChangeSet(environment: string, edits: readonly Edit[], options: EditOptions): Promise<ChangeResult> {
    return await this.#options.commits.run(async (commit) => {
      const result = await this.edit(commit, environment, edits, options);
      if (result.changed.length > 0) {
        await recordAudit(commit, {
          environment,
          by: options.by,
          action: "flags-changed",
          target: result.changed.join(", "),
          reason: options.reason,
          version: result.version,
          undo: result.undo,
        });
      }
      return result;
    });
  }

  /**
   * Edits flags inside an open commit. The audit entry is the caller's, who knows what the edits are part of.
   *
   * @throws `flag_set_conflict`, `flag_not_found`, `flag_locked`, `flag_owned_by_rollout`, `flag_type_mismatch`,
   * `flag_set_invalid` with every fault.
   */
  async edit(commit: Commit, environment: string, edits: readonly Edit[], options: EditOptions): Promise<ChangeResult> {
    const { flagSet: before } = await this.current(commit.writer, environment);
    if (options.ifVersion !== undefined && options.ifVersion !== before.version) {
      throw new DimmerError(
        "flag_set_conflict",
        `The flag set is at version ${before.version}, not ${options.ifVersion}.`,
        { version: before.version, ifVersion: options.ifVersion },
      );
    }
    const owners = await this.#options.findOwners(commit.writer, environment);
    const flags: Record<string, Flag> = { ...before.flags };
    for (const edit of edits) {
      assertEditable(edit.flag, flags[edit.flag], owners.get(edit.flag), options.actingFor);
      const after = applyEdit(flags[edit.flag], edit);
      if (after === undefined) delete flags[edit.flag];
      else flags[edit.flag] = after;
    }
    const changed = [...new Set(edits.map((edit) => edit.flag))].filter(
      (key) => canonicalJson(flags[key]) !== canonicalJson(before.flags[key]),
    );
    if (changed.length === 0) return { version: before.version, changed };

    const state = buildState({ ...before, flags }, nextVersion(before.version, commit.nowMs));
    await this.#write(commit, state, changed, options);
    const undo = undoOfEdits(environment, before.flags, flags, changed);
    return { version: state.flagSet.version, changed, undo };
  }

  /** Creates the set of a new environment. */
  async create(
    commit: Commit,
    environment: string,
    definitions: FlagDefinitions,
    author: Authorship,
  ): Promise<FlagSet> {
    const draft: FlagSet = {
      ...definitions,
      bucketing: definitions.bucketing ?? "flagd-v2",
      environment,
      setId: this.#options.newId(),
      version: 0,
      hash: "",
    };
    const state = buildState(draft, nextVersion(0, commit.nowMs));
    await this.#write(commit, state, Object.keys(definitions.flags), author);
    return state.flagSet;
  }

  async #write(commit: Commit, state: FlagSetState, changed: readonly string[], author: Authorship): Promise<void> {
    const { environment, version } = state.flagSet;
    await writeFlagSet(commit, state.flagSet, changed, author);
    await commit.announce(environment, "flag-set", String(version));
    this.#built.set(environment, state);
  }

  /** The set as a transaction sees it: what this process built last, what it holds, or what the database says. */
  async current(reader: Reader, environment: string): Promise<FlagSetState> {
    const header = await readHeader(reader, environment);
    const known = [this.#built.get(environment), this.#states.get(environment)].find(
      (state) => state?.flagSet.version === header?.version && state?.flagSet.hash === header?.hash,
    );
    return known ?? (await this.#read(reader, environment));
  }

  async #read(reader: Reader, environment: string): Promise<FlagSetState> {
    const flagSet = await readFlagSet(reader, environment);
    if (flagSet === undefined)
      throw new DimmerError("environment_not_found", `There is no environment '${environment}'.`, { environment });
    return { flagSet, compiled: compileOrThrow(flagSet) };
  }
}

function assertEditable(
  key: string,
  before: Flag | undefined,
  owner: string | undefined,
  actingFor: EditOptions["actingFor"],
): void {
  if (parseKillSwitchKey(key) !== undefined) {
    throw new DimmerError(
      "invalid_request",
      `'${key}' is a kill switch, not a flag: serve it true or false, in a change set without other flags.`,
      { flag: key },
    );
  }
  if (actingFor === "dark") return;
  if (before?.locked !== undefined) {
    const reason = before.locked;
    throw new DimmerError("flag_locked", `The flag '${key}' cannot be set: ${reason}`, { flag: key, reason });
  }
  if (owner === undefined || actingFor?.rollout === owner) return;
  throw new DimmerError(
    "flag_owned_by_rollout",
    `The exposure of the flag '${key}' belongs to the rollout ${owner} until that ends.`,
    { flag: key, rollout: owner },
  );
}

function buildState(draft: FlagSet, version: number): FlagSetState {
  const { environment: _environment, setId: _setId, version: _version, hash: _hash, ...definitions } = draft;
  const flagSet = { ...draft, version, hash: hashJson(definitions) };
  const result = compile(flagSet);
  // A warning is a flag that would load and then fail at every evaluation: what is written here must not.
  const faults = result.ok ? result.warnings : [...result.faults, ...result.warnings];
  if (!result.ok || faults.length > 0) throw invalid(faults);
  return { flagSet, compiled: result.compiled };
}

/** What is stored was valid when it was written; a newer engine may warn of it, but must go on serving it. */
function compileOrThrow(flagSet: FlagSet): CompiledFlagSet {
  const result = compile(flagSet);
  if (result.ok) return result.compiled;
  throw invalid(result.faults);
}

function invalid(found: readonly Fault[]): DimmerError {
  const faults = found.map(describeFault);
  const message = faults.map((fault) => `${fault.pointer}: ${fault.message} ${fault.fix}`).join(" · ");
  return new DimmerError(
    "flag_set_invalid",
    `The flag set would have ${faults.length === 1 ? "a fault" : `${faults.length} faults`}: ${message}`,
    { faults },
  );
}
