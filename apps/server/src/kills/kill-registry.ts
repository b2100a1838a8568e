/**
 * The kills of one environment: in memory first, in the kill log beside it, merged by union. Needs no database and no
 * flag set (ADR-0006). `killVersion` rises with everything that changes what is in force.
 */
import type { Kill, KillSet, KillState } from "@dimmer/spec";
import { nextVersion } from "@dimmer/spec/flag-set-version";
import { activeKills, emptyKillSet, mergeKillSets, nextExpiryMs, pruneKillSet } from "@dimmer/spec/kill-set";
import type { KillStore } from "@dimmer/stores";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";

export interface KillRegistryOptions {
  readonly store: KillStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Told of every new state, at once and before it is written anywhere. */
  readonly changed: (state: KillState) => void;
}

/** Timers cannot wait longer; an expiry further away is looked at again then. */
const maxTimerMs = 2 ** 31 - 1;

export class KillRegistry {
  readonly #options: KillRegistryOptions;
  readonly #ended = new AbortController();
  #set: KillSet = emptyKillSet;
  #state: KillState;
  #killedFlags: ReadonlySet<string> = new Set();
  #cancelExpiry = (): void => undefined;

  constructor(options: KillRegistryOptions) {
    this.#options = options;
    this.#state = { killVersion: nextVersion(0, options.clock.nowMs()), killSet: emptyKillSet, active: [] };
  }

  /** Reads the kill log and goes on following it: kills written straight into the file act here as well. */
  async start(): Promise<void> {
    const { store, log } = this.#options;
    try {
      this.#take(await store.readKills(this.#ended.signal));
    } catch (error) {
      log.error({ error, store: store.name }, "the kill log cannot be read; kills known to other stores still act");
    }
    this.#publish();
    // Every look finds the same fault again; it is said when it comes and when it is another.
    let saidFault: string | undefined;
    store.followKills(
      {
        changed: (set) => {
          if (this.#take(set)) this.#publish();
        },
        failed: (error) => {
          if (error.message === saidFault) return;
          saidFault = error.message;
          log.warn({ error, store: store.name }, "the kill log has a fault; every kill known so far stays in force");
        },
        alive: () => {
          saidFault = undefined;
        },
      },
      this.#ended.signal,
    );
  }

  /** Everything known, and what is in force. */
  get state(): KillState {
    return this.#state;
  }

  /** Flags that are killed themselves. */
  get killedFlags(): ReadonlySet<string> {
    return this.#killedFlags;
  }

  /** The kills in force now. */
  active(): readonly Kill[] {
    return this.#state.active;
  }

  /** Acts at once; resolves when the log is written, or cannot be. */
  async merge(set: KillSet): Promise<{ readonly killVersion: number; readonly durable: boolean }> {
    if (this.#take(set)) this.#publish();
    const { killVersion } = this.#state;
    try {
      const { durable } = await this.#options.store.mergeKills(set);
      return { killVersion, durable };
    } catch (error) {
      // Whatever is wrong with the log, the kill acts already.
      this.#options.log.error({ error, store: this.#options.store.name }, "the kill log cannot be written");
      return { killVersion, durable: false };
    }
  }

  stop(): void {
    this.#ended.abort();
    this.#cancelExpiry();
  }

  /** Whether the union taught anything that still matters. */
  #take(set: KillSet): boolean {
    const known = new Set([...this.#set.kills, ...this.#set.revives].map((record) => record.id));
    this.#set = pruneKillSet(mergeKillSets(this.#set, set), this.#options.clock.nowMs());
    return [...this.#set.kills, ...this.#set.revives].some((record) => !known.has(record.id));
  }

  #publish(): void {
    const { clock, changed } = this.#options;
    const nowMs = clock.nowMs();
    this.#set = pruneKillSet(this.#set, nowMs);
    // After the newest record, so that the version does not fall back when the clock was set back over a restart.
    const newestMs = Math.max(
      nowMs,
      ...[...this.#set.kills, ...this.#set.revives].map((record) => Date.parse(record.at) + 1),
    );
    const active = activeKills(this.#set, nowMs);
    this.#state = { killVersion: nextVersion(this.#state.killVersion, newestMs), killSet: this.#set, active };
    this.#killedFlags = new Set(active.filter((kill) => kill.scope === "flag").map((kill) => kill.target));
    this.#cancelExpiry();
    const expiryMs = nextExpiryMs(this.#set, nowMs);
    if (expiryMs !== undefined) {
      this.#cancelExpiry = clock.after(Math.min(expiryMs - nowMs, maxTimerMs), () => this.#publish());
    }
    changed(this.#state);
  }
}
