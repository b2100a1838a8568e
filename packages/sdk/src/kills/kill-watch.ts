/**
 * Every kill this process knows of: the union of what the kill stores say and what the latch remembers. Only ever grows
 * towards the safe side: a store that cannot be read, or has forgotten, revives nothing. The latch is a kill file
 * in this process's folder; what it cannot take still acts.
 */
import type { Clock } from "@dimmer/api-client";
import type { Kill, KillSet } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { activeKills, emptyKillSet, mergeKillSets, nextExpiryMs } from "@dimmer/spec/kill-set";
import type { KillStore } from "@dimmer/stores";
import type { KillFile } from "@dimmer/stores/file";
import type { FaultList } from "../fault-list.ts";
import type { KillStoreStatus } from "../status.ts";
import { KillDelivery } from "./kill-delivery.ts";

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
  readonly #ended = new AbortController();
  readonly #heard = new Map<
    string,
    { readonly atMs?: number; readonly isReadable: boolean; readonly killVersion?: number }
  >();
  readonly #deliveries: readonly KillDelivery[];
  /** What the stores say that are not latched: the environment's kills end with the process. */
  readonly #unlatched = new Map<string, KillSet>();
  #known: KillSet = emptyKillSet;
  #active: readonly Kill[] = [];
  #isDurable: boolean;
  #acknowledgedVersion = 0;
  #latching: Promise<void> = Promise.resolve();
  #compacting: Promise<void> = Promise.resolve();
  #cancelExpiry = (): void => undefined;

  constructor(options: KillWatchOptions) {
    this.#options = options;
    this.#isDurable = options.latch !== undefined;
    this.#deliveries = options.stores
      .filter((store) => store.isLatched)
      .map(
        (store) =>
          new KillDelivery({ ...options, store, timeoutMs: options.writeTimeoutMs, ended: this.#ended.signal }),
      );
    this.#readLatch();
    this.#active = activeKills(this.#known, options.clock.nowMs());
  }

  start(): void {
    const { latch, stores } = this.#options;
    this.#activate();
    for (const store of latch === undefined ? stores : [...stores, latch]) this.#follow(store);
    this.#compacting = this.#compact();
  }

  /** Resolves when the latch has written what it was given. */
  async close(): Promise<void> {
    this.#ended.abort();
    this.#cancelExpiry();
    await Promise.all([this.#latching, this.#compacting]);
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
    return this.#isDurable;
  }

  get killVersion(): number {
    return Math.max(0, ...[...this.#heard.values()].map((heard) => heard.killVersion ?? 0));
  }

  status(): readonly KillStoreStatus[] {
    const { clock, stores, latch } = this.#options;
    const names = [...stores.map((store) => store.name), ...(latch === undefined ? [] : [latch.name])];
    return names.map((name) => {
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
      durable: (this.#options.latch !== undefined && this.#isDurable) || accepted.some((outcome) => outcome.isDurable),
      acceptedBy: accepted.map((outcome) => outcome.store),
    };
  }

  #readLatch(): void {
    const { latch, faults } = this.#options;
    if (latch === undefined) return;
    const { killSet, fault } = latch.readKillsSync();
    this.#known = killSet;
    if (fault !== undefined) faults.set("directory", "kill latch is read", fault);
  }

  async #compact(): Promise<void> {
    try {
      await this.#options.latch?.compact();
    } catch (error) {
      this.#options.faults.set("directory", "kill latch is compacted", DimmerError.from(error));
    }
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
      if (store === latch) {
        faults.set("directory", "kill latch is read");
        if (!this.#isDurable) this.#latching = this.#latch();
      }
      delivery?.retry();
    };
    store.followKills(
      {
        changed: (killSet, killVersion) => {
          let latched = this.#latching;
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
          if (!isReadable && killVersion !== undefined) void this.#acknowledge(killVersion, this.#latching);
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
    if (!isNew) return this.#latching;
    this.#activate();
    this.#latching = this.#latch();
    return this.#latching;
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

  async #latch(): Promise<void> {
    const { latch, faults } = this.#options;
    if (latch === undefined) return;
    const { durable } = await latch.mergeKills(this.#known);
    this.#isDurable = durable;
    const fault = new DimmerError(
      "store_unwritable",
      "The kill latch cannot be written. Kills act, and would not survive a restart of this process.",
    );
    if (durable) faults.set("directory", "kill latch is written");
    else faults.set("directory", "kill latch is written", fault);
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
