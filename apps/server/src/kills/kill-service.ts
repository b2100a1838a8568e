/**
 * Kills and revives of every environment. The order of things is the point: memory and stream first, then the log, then
 * a short wait for those who follow to confirm, and the audit entry whenever the database can take it.
 */
import type { Kill, KillResult, KillScope, KillSet, KillState, Revive } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { activeKills } from "@dimmer/spec/kill-set";
import type { KillStore } from "@dimmer/stores";
import type { AuditRecord } from "../audit/audit-log.ts";
import { toIso, type Clock } from "../clock.ts";
import { inEnvironment, shellWord } from "../flags/undo-command.ts";
import type { Log } from "../log.ts";
import { KillRegistry } from "./kill-registry.ts";

/** How many of the connected instances enforce a kill version. */
export interface Acknowledgement {
  readonly connected: number;
  readonly applied: number;
}

/** What the service stands on. */
export interface KillServiceOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  /** The kill log of an environment. */
  readonly openStore: (environment: string) => KillStore;
  /** Sends a state to everyone who follows, synchronously. */
  readonly publish: (environment: string, state: KillState) => void;
  /** Resolves when every connected instance has confirmed the version, or after the deadline. */
  readonly awaitReplicas: (environment: string, killVersion: number, deadlineMs: number) => Promise<Acknowledgement>;
  /** Takes an audit entry without failing and without making the kill wait. */
  readonly audit: (record: AuditRecord) => void;
}

/** How long an answer waits for instances to confirm. */
const confirmDeadlineMs = 250;

/** What a kill is about. */
export interface KillTarget {
  readonly scope: KillScope;
  readonly target: string;
}

export class KillService {
  readonly #options: KillServiceOptions;
  readonly #registries = new Map<string, KillRegistry>();

  constructor(options: KillServiceOptions) {
    this.#options = options;
  }

  /** Starts to keep the kills of an environment. */
  async open(environment: string): Promise<void> {
    if (this.#registries.has(environment)) return;
    const { openStore, clock, log, publish } = this.#options;
    const registry = new KillRegistry({
      store: openStore(environment),
      clock,
      log,
      changed: (state) => publish(environment, state),
    });
    this.#registries.set(environment, registry);
    await registry.start();
  }

  /** Everything known, and what is in force. */
  state(environment: string): KillState {
    return this.#registry(environment).state;
  }

  /** Flags of an environment that are killed themselves. */
  killedFlags(environment: string): ReadonlySet<string> {
    return this.#registry(environment).killedFlags;
  }

  /** Kills a target. */
  async kill(
    environment: string,
    request: KillTarget & { readonly reason: string; readonly expiresAt?: string | undefined },
    by: string,
  ): Promise<KillResult> {
    const { clock, newId } = this.#options;
    const target = request.scope === "all" ? "*" : request.target;
    if (request.scope !== "all" && target === "*")
      throw new DimmerError(
        "invalid_request",
        `Name the ${request.scope} to kill, or kill everything with the scope 'all'.`,
        { scope: request.scope },
      );
    const nowMs = clock.nowMs();
    if (request.expiresAt !== undefined && Date.parse(request.expiresAt) <= nowMs) {
      throw new DimmerError(
        "invalid_request",
        `The kill would be over at once: expiresAt ${request.expiresAt} is not in the future; the control plane's clock says ${toIso(nowMs)}.`,
        { expiresAt: request.expiresAt },
      );
    }
    const kill: Kill = { id: newId(), scope: request.scope, target, by, reason: request.reason, at: toIso(nowMs) };
    if (request.expiresAt !== undefined) kill.expiresAt = request.expiresAt;
    const undo = undoOfKill(environment, kill);
    return await this.#apply(
      environment,
      { kills: [kill], revives: [] },
      { kills: [kill], action: "kill-added", by, reason: request.reason, undo },
    );
  }

  /**
   * Revives kills by id, or those of a scope and target that are in force here.
   *
   * @throws `kill_not_found` when nothing in force is meant.
   */
  async revive(
    environment: string,
    request: {
      readonly killIds?: readonly string[] | undefined;
      readonly scope?: KillScope | undefined;
      readonly target?: string | undefined;
      readonly reason: string;
    },
    by: string,
  ): Promise<KillResult> {
    const { clock, newId } = this.#options;
    const kills = this.#meant(environment, request);
    const revive: Revive = {
      id: newId(),
      killIds: kills.map((kill) => kill.id),
      by,
      reason: request.reason,
      at: toIso(clock.nowMs()),
    };
    const undo = [...new Set(kills.map((kill) => undoOfRevive(environment, kill)))].join(" && ");
    return await this.#apply(
      environment,
      { kills: [], revives: [revive] },
      { kills, action: "kills-revived", by, reason: request.reason, undo },
    );
  }

  /** Takes over what another store knows. */
  async merge(environment: string, set: KillSet, by: string): Promise<KillState & { readonly durable: boolean }> {
    const registry = this.#registry(environment);
    const before = registry.state.killVersion;
    const { durable } = await registry.merge(set);
    if (registry.state.killVersion !== before) {
      this.#options.audit({
        environment,
        by,
        action: "kills-merged",
        target: `${set.kills.length} kills, ${set.revives.length} revives`,
        reason: "",
        atMs: this.#options.clock.nowMs(),
      });
    }
    return { ...registry.state, durable };
  }

  /** Whether `set` holds a revive that is not known here. */
  hasNewRevives(environment: string, set: KillSet): boolean {
    const known = new Set(this.#registry(environment).state.killSet.revives.map((revive) => revive.id));
    return set.revives.some((revive) => !known.has(revive.id));
  }

  stop(): void {
    for (const registry of this.#registries.values()) registry.stop();
  }

  async #apply(
    environment: string,
    set: KillSet,
    told: {
      readonly kills: Kill[];
      readonly action: string;
      readonly by: string;
      readonly reason: string;
      readonly undo: string;
    },
  ): Promise<KillResult> {
    const { awaitReplicas, audit, clock, log } = this.#options;
    const { killVersion, durable } = await this.#registry(environment).merge(set);
    const target = told.kills.map(describeTarget).join(", ");
    audit({
      environment,
      by: told.by,
      action: told.action,
      target,
      reason: told.reason,
      atMs: clock.nowMs(),
      undo: told.undo,
    });
    if (!durable)
      log.error(
        { environment, target },
        "the kill log cannot be written; the change acts, but does not survive a restart of this server",
      );
    const replicas = await awaitReplicas(environment, killVersion, confirmDeadlineMs);
    return { killVersion, kills: told.kills, durable, replicas: { ...replicas }, undo: told.undo };
  }

  #meant(
    environment: string,
    request: {
      readonly killIds?: readonly string[] | undefined;
      readonly scope?: KillScope | undefined;
      readonly target?: string | undefined;
    },
  ): Kill[] {
    const { killIds, scope, target } = request;
    const active = activeKills(this.#registry(environment).state.killSet, this.#options.clock.nowMs());
    if (killIds === undefined && scope === undefined)
      throw new DimmerError("invalid_request", "Say which kills: killIds, or a scope and a target.");
    if (killIds === undefined && scope !== "all" && target === undefined)
      throw new DimmerError("invalid_request", `Say which ${scope} to revive: target is missing.`);
    const meant = active.filter((kill) =>
      killIds === undefined
        ? kill.scope === scope && (scope === "all" || kill.target === target)
        : killIds.includes(kill.id),
    );
    const missing = (killIds ?? []).filter((id) => !meant.some((kill) => kill.id === id));
    if (meant.length === 0 || missing.length > 0) {
      const what =
        missing.length > 0
          ? `with the id ${missing.join(", ")}`
          : `of ${scope === "all" ? "everything" : `the ${scope} '${target}'`}`;
      throw new DimmerError(
        "kill_not_found",
        `No kill ${what} is in force.`,
        killIds === undefined ? { scope, target } : { killIds: missing },
      );
    }
    return meant;
  }

  #registry(environment: string): KillRegistry {
    const registry = this.#registries.get(environment);
    if (registry === undefined)
      throw new DimmerError("environment_not_found", `There is no environment '${environment}'.`, { environment });
    return registry;
  }
}

function describeTarget(kill: Kill): string {
  return kill.scope === "all" ? "all" : `${kill.scope} ${kill.target}`;
}

function undoOfKill(environment: string, kill: Kill): string {
  return `dimmer revive ${commandTarget(kill)}${inEnvironment(environment)}`;
}

function undoOfRevive(environment: string, kill: Kill): string {
  return `dimmer kill ${commandTarget(kill)}${inEnvironment(environment)}`;
}

function commandTarget(kill: Kill): string {
  return kill.scope === "all" ? "all" : `${kill.scope} ${shellWord(kill.target)}`;
}
