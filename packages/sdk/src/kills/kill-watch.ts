/**
 * Every kill this process knows of: the union of what the kill stores say and what the latch remembers. Only ever grows
 * towards the safe side: a store that cannot be read, or has forgotten, revives nothing.
 */
import type { Clock } from "@dimmer/api-client";
import type { Kill, KillSet } from "@dimmer/spec";
import { activeKills, mergeKillSets, nextExpiryMs } from "@dimmer/spec/kill-set";
import type { KillStore } from "@dimmer/stores";
import type { KillFile } from "@dimmer/stores/file";
import type { FaultList } from "../fault-list.ts";
import type { KillStoreStatus } from "../status.ts";
import { KillDelivery } from "./kill-delivery.ts";
import { KillLatch } from "./kill-latch.ts";

export interface KillWatchOptions {
  readonly stores: readonly KillStore[];
  readonly latch: KillFile | undefined;
  readonly clock: Clock;
  readonly faults: FaultList;
  readonly writeTimeoutMs: number;
  /** Other kills are in force. */
  readonly onActive: (active: readonly Kill[]) => void;
  /** A store was heard of, or has failed. */
  readonly onHeard: () => void;
  /** Everything up to `acknowledgedVersion` acts here and is latched, or could not be. */
  readonly onAcknowledged: () => void;
}

/** A kill is acknowledged without the latch when the disk takes longer: it acts, and others wait for the word. */
const latchPatienceMs = 250;

/** An expiry further away is looked at again then: wall clocks are put right, and machines sleep. */
const maxTimerMs = 60 * 1000;

export class KillWatch {
  readonly #options: KillWatchOptions;
  readonly #latch: KillLatch;
  readonly #ended = new AbortController();
  readonly #heard = new Map<
    string,
    { readonly atMs?: number; readonly isReadable: boolean; readonly killVersion?: number }
  >();
  readonly #deliveries: readonly KillDelivery[];
  /** What the stores say that are not latched: the environment's kills end with the process. */
  readonly #unlatched = new Map<string, KillSet>();
  #known: KillSet;
  #active: readonly Kill[] = [];
  #acknowledgedVersion = 0;
  #cancelExpiry = (): void => undefined;

  constructor(options: KillWatchOptions) {
    this.#options = options;
    this.#latch = new KillLatch(options.latch, options.faults);
    this.#deliveries = options.stores
      .filter((store) => store.isLatched)
      .map(
        (store) =>
          new KillDelivery({ ...options, store, timeoutMs: options.writeTimeoutMs, ended: this.#ended.signal }),
      );
    this.#known = this.#latch.read();
    this.#active = activeKills(this.#known, options.clock.nowMs());
  }

  start(): void {
    this.#activate();
    for (const store of this.#stores) this.#follow(store);
    this.#latch.compact();
  }

  /** Resolves when the latch has written what it was given. */
  async close(): Promise<void> {
    this.#ended.abort();
    this.#cancelExpiry();
    await this.#latch.close();
  }

  get active(): readonly Kill[] {
    return this.#active;
  }

  /** The kills in force that a revive can end: all but the environment's. */
  get revivable(): readonly Kill[] {
    return activeKills(this.#known, this.#options.clock.nowMs());
  }

  /** Whether any store has yet neither spoken nor failed. */
  get isWaiting(): boolean {
    return this.#options.stores.some((store) => !this.#heard.has(store.name));
  }

  /** The kills up to here act in this process and survive its restart, as far as the disk allows. */
  get acknowledgedVersion(): number {
    return this.#acknowledgedVersion;
  }

  /** Whether everything that must survive a restart is on disk. */
  get isDurable(): boolean {
    return this.#latch.isDurable;
  }

  get killVersion(): number {
    return Math.max(0, ...[...this.#heard.values()].map((heard) => heard.killVersion ?? 0));
  }

  status(): readonly KillStoreStatus[] {
    const { clock } = this.#options;
    return this.#stores.map(({ name }) => {
      const heard = this.#heard.get(name);
      const { atMs, killVersion } = heard ?? {};
      return {
        name,
        isReadable: heard?.isReadable ?? false,
        ...(atMs === undefined ? {} : { ageMs: Math.max(0, clock.nowMs() - atMs) }),
        ...(killVersion === undefined ? {} : { killVersion }),
      };
    });
  }

  /** Acts at once; resolves when the latch and every store have taken the records in or could not. */
  async add(records: KillSet): Promise<{ readonly durable: boolean; readonly acceptedBy: readonly string[] }> {
    const latched = this.#take(records);
    const outcomes = await Promise.all(this.#deliveries.map((delivery) => delivery.deliver(records)));
    await latched;
    const accepted = outcomes.filter((outcome) => outcome.isAccepted);
    return {
      durable: this.#latch.isDurable || accepted.some((outcome) => outcome.isDurable),
      acceptedBy: accepted.map((outcome) => outcome.store),
    };
  }

  /** The kill stores, and the latch: processes that share a folder hear each other through it. */
  get #stores(): readonly KillStore[] {
    const { stores, latch } = this.#options;
    return latch === undefined ? stores : [...stores, latch];
  }

  #follow(store: KillStore): void {
    const { clock, faults, latch, onHeard } = this.#options;
    const source = store === latch ? "directory" : store.name;
    const hear = (isReadable: boolean, killVersion?: number): void => {
      const before = this.#heard.get(store.name);
      const version = killVersion ?? before?.killVersion;
      const atMs = isReadable ? clock.nowMs() : before?.atMs;
      this.#heard.set(store.name, {
        isReadable,
        ...(atMs === undefined ? {} : { atMs }),
        ...(version === undefined ? {} : { killVersion: version }),
      });
      onHeard();
    };
    const delivery = this.#deliveries.find((candidate) => candidate.store === store.name);
    const settle = (): void => {
      faults.set(source, "kills");
      if (store === latch) this.#latch.noteReadable(this.#known);
      delivery?.retry();
    };
    store.followKills(
      {
        changed: (killSet, killVersion) => {
          let latched = this.#latch.kept;
          if (store.isLatched) latched = this.#take(killSet);
          else {
            this.#unlatched.set(store.name, killSet);
            this.#activate();
          }
          // The version counts only now: what it stands for acts.
          hear(true, killVersion);
          delivery?.forget(killSet);
          settle();
          if (killVersion !== undefined) void this.#acknowledge(killVersion, latched);
        },
        failed: (error) => {
          hear(false);
          faults.set(source, "kills", error);
        },
        alive: () => {
          const { isReadable, killVersion } = this.#heard.get(store.name) ?? { isReadable: false };
          // It was away, and may have forgotten who had heard what.
          if (!isReadable && killVersion !== undefined) void this.#acknowledge(killVersion, this.#latch.kept);
          hear(true);
          settle();
        },
      },
      this.#ended.signal,
    );
  }

  /** Takes records in; what is new acts at once, and then is latched. */
  #take(records: KillSet): Promise<void> {
    const before = this.#known;
    this.#known = mergeKillSets(before, records);
    const isNew = this.#known.kills.length > before.kills.length || this.#known.revives.length > before.revives.length;
    // Nothing new, but what came before it may still be on its way to the disk.
    if (!isNew) return this.#latch.kept;
    this.#activate();
    return this.#latch.keep(this.#known);
  }

  /** Says that a version acts here, when the latch has it, or has had its time. */
  async #acknowledge(killVersion: number, latched: Promise<void>): Promise<void> {
    let cancel = (): void => undefined;
    const patience = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(latchPatienceMs, resolve);
    });
    await Promise.race([latched, patience]);
    cancel();
    this.#acknowledgedVersion = Math.max(this.#acknowledgedVersion, killVersion);
    this.#options.onAcknowledged();
  }

  /** Works out what is in force now, and looks again when the next kill expires. */
  #activate(): void {
    const { clock, onActive } = this.#options;
    const nowMs = clock.nowMs();
    const all = [...this.#unlatched.values()].reduce(mergeKillSets, this.#known);
    const active = activeKills(all, nowMs);
    const isChanged =
      active.length !== this.#active.length || active.some((kill, index) => kill.id !== this.#active[index]?.id);
    this.#active = active;
    this.#cancelExpiry();
    const expiryMs = nextExpiryMs(all, nowMs);
    this.#cancelExpiry =
      expiryMs === undefined || this.#ended.signal.aborted
        ? () => undefined
        : clock.after(Math.min(Math.max(0, expiryMs - nowMs), maxTimerMs), () => this.#activate());
    if (isChanged) onActive(active);
  }
}
