/** Who follows this control plane, and which versions they have applied. Kept in memory: a restart asks everyone anew. */
import type { Replica } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { toIso, type Clock } from "../clock.ts";

interface Known {
  readonly replica: Replica;
  connections: number;
}

/** Instances that enforce nothing; nobody waits for them. */
const spectators = new Set(["dashboard", "cli"]);

/** How long an instance that went away is still shown. */
const forgetAfterMs = 10 * 60 * 1000;
/** Reports arrive in bursts after a change; screens hear of them at most this often. */
const publishEveryMs = 200;
/** How many instances of one environment are remembered; beyond it the longest absent ones go first. */
const maxReplicas = 10_000;

export class ReplicaRegistry {
  readonly #clock: Clock;
  readonly #publish: (environment: string, replicas: Replica[]) => void;
  readonly #known = new Map<string, Map<string, Known>>();
  readonly #waiting = new Set<() => void>();
  readonly #publishing = new Set<string>();

  constructor(clock: Clock, publish: (environment: string, replicas: Replica[]) => void) {
    this.#clock = clock;
    this.#publish = publish;
  }

  /** An instance opened the stream; the answer says that it closed it. */
  connect(environment: string, instanceId: string, kind: string): () => void {
    const known = this.#seen(environment, instanceId, kind);
    known.connections += 1;
    known.replica.isConnected = true;
    if (known.connections === 1) known.replica.connectedAt = toIso(this.#clock.nowMs());
    this.#changed(environment);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      known.connections -= 1;
      known.replica.isConnected = known.connections > 0;
      known.replica.lastSeenAt = toIso(this.#clock.nowMs());
      this.#changed(environment);
    };
  }

  /** An instance says what it has applied. Versions never go back. */
  report(
    environment: string,
    instanceId: string,
    versions: { readonly flagSetVersion: number; readonly killVersion: number },
  ): Replica {
    const { replica } = this.#seen(environment, instanceId, undefined);
    replica.flagSetVersion = Math.max(replica.flagSetVersion, versions.flagSetVersion);
    replica.killVersion = Math.max(replica.killVersion, versions.killVersion);
    this.#changed(environment);
    return { ...replica };
  }

  /** Everyone seen lately, the connected ones first. */
  list(environment: string): Replica[] {
    const all = this.#environment(environment);
    const oldestMs = this.#clock.nowMs() - forgetAfterMs;
    for (const [id, { replica }] of all) {
      if (!replica.isConnected && Date.parse(replica.lastSeenAt) < oldestMs) all.delete(id);
    }
    return [...all.values()]
      .map(({ replica }) => ({ ...replica }))
      .sort((a, b) => Number(b.isConnected) - Number(a.isConnected) || (a.instanceId < b.instanceId ? -1 : 1));
  }

  /** Waits until every connected instance has applied `killVersion`, or until the deadline. */
  async awaitKillVersion(
    environment: string,
    killVersion: number,
    deadlineMs: number,
  ): Promise<{ connected: number; applied: number }> {
    const count = (): { connected: number; applied: number } => {
      const enforcing = [...this.#environment(environment).values()].filter(
        ({ replica }) => replica.isConnected && !spectators.has(replica.kind),
      );
      return {
        connected: enforcing.length,
        applied: enforcing.filter(({ replica }) => replica.killVersion >= killVersion).length,
      };
    };
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      const { connected, applied } = count();
      if (applied === connected) resolve();
    };
    this.#waiting.add(look);
    const cancel = this.#clock.after(deadlineMs, resolve);
    look();
    await promise;
    cancel();
    this.#waiting.delete(look);
    return count();
  }

  #environment(environment: string): Map<string, Known> {
    const known = this.#known.get(environment) ?? new Map<string, Known>();
    this.#known.set(environment, known);
    return known;
  }

  #seen(environment: string, instanceId: string, kind: string | undefined): Known {
    const all = this.#environment(environment);
    const at = toIso(this.#clock.nowMs());
    const known = all.get(instanceId);
    if (known !== undefined) {
      known.replica.lastSeenAt = at;
      if (kind !== undefined) known.replica.kind = kind;
      return known;
    }
    if (all.size >= maxReplicas) this.#forgetOne(all);
    const replica: Replica = {
      instanceId,
      kind: kind ?? "unknown",
      connectedAt: at,
      lastSeenAt: at,
      isConnected: false,
      flagSetVersion: 0,
      killVersion: 0,
    };
    const added = { replica, connections: 0 };
    all.set(instanceId, added);
    return added;
  }

  #forgetOne(all: Map<string, Known>): void {
    const [absent] = [...all.values()]
      .filter(({ replica }) => !replica.isConnected)
      .sort((a, b) => (a.replica.lastSeenAt < b.replica.lastSeenAt ? -1 : 1));
    if (absent === undefined)
      throw new DimmerError("rate_limited", `More than ${maxReplicas} instances are connected.`, {
        limit: maxReplicas,
      });
    all.delete(absent.replica.instanceId);
  }

  #changed(environment: string): void {
    for (const look of this.#waiting) look();
    if (this.#publishing.has(environment)) return;
    this.#publishing.add(environment);
    this.#clock.after(publishEveryMs, () => {
      this.#publishing.delete(environment);
      this.#publish(environment, this.list(environment));
    });
  }
}
