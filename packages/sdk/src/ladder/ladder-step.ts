/**
 * One store of the ladder: judges what it says, and knows what is served of it, since when, and what its disk snapshot
 * holds. How the store is heard is its follower's business; what the stores together answer is the ladder's.
 */
import { DimmerError } from "@dimmer/spec/errors";
import type { Reading } from "@dimmer/stores";
import type { DiskSnapshot } from "../disk-snapshot.ts";
import type { StoreState, StoreStatus } from "../status.ts";
import type { Layer, LayerOutcome } from "./compose-layers.ts";
import { describeFaults } from "./describe-faults.ts";
import { judgeSuccession } from "./judge-succession.ts";
import type { Acceptance, SetIdentity } from "./judge-succession.ts";
import { prepareSet } from "./prepared-set.ts";
import type { PreparedSet } from "./prepared-set.ts";
import { StoreFollower } from "./store-follower.ts";
import type { StoreFollowerOptions } from "./store-follower.ts";

type Following = Omit<StoreFollowerOptions, "onReading" | "onAlive" | "onFailed" | "isLacking">;

export interface LadderStepOptions extends Following {
  readonly snapshot: DiskSnapshot | undefined;
  readonly maxStalenessMs: number;
  readonly acceptance: Acceptance;
  /** The store says something new: compose again. */
  readonly onCandidate: () => void;
  /** The store was heard of, or has failed: whoever waits for it looks again. */
  readonly onHeard: () => void;
}

/** A set, and by what identity it is followed. */
interface Followed {
  readonly set: PreparedSet;
  readonly identity: SetIdentity;
}

export class LadderStep {
  readonly name: string;
  readonly #options: LadderStepOptions;
  readonly #follower: StoreFollower;
  #candidate: Followed | undefined;
  #served: Followed | undefined;
  #isRestored = false;
  #isRefused = false;
  #confirmedAtMs: number;
  #hasFailed = false;
  #keeping: Promise<void> = Promise.resolve();

  constructor(options: LadderStepOptions) {
    this.#options = options;
    this.name = options.store.name;
    this.#follower = new StoreFollower({
      ...options,
      onReading: (reading) => this.#take(reading),
      onAlive: () => this.#confirm(),
      onFailed: () => {
        this.#hasFailed = true;
        options.onHeard();
      },
      isLacking: () => this.#served === undefined || this.#isRefused,
    });
    this.#confirmedAtMs = this.#follower.heardAtMs;
    this.#restore();
  }

  /** Takes what the disk snapshot holds for what the store says, until it speaks. */
  #restore(): void {
    const { snapshot, faults } = this.#options;
    try {
      const stored = snapshot?.read();
      if (stored === undefined) return;
      const { document, origin, confirmedAtMs, ...identity } = stored;
      const prepared = prepareSet({ document, origin });
      if (!prepared.ok)
        throw new DimmerError(
          "store_unreadable",
          `The disk snapshot of '${this.name}' is not used: this version of Dimmer cannot read it.`,
        );
      this.#candidate = { set: prepared.set, identity };
      this.#isRestored = true;
      this.#confirmedAtMs = Math.min(confirmedAtMs, this.#confirmedAtMs);
    } catch (error) {
      faults.set("directory", `snapshot of ${this.name}`, DimmerError.from(error));
    }
  }

  start(): void {
    this.#follower.start();
  }

  /** Resolves when the disk snapshot is written. */
  async close(): Promise<void> {
    this.#follower.stop();
    // Once more, so that the next start knows how lately this was confirmed.
    if (this.#isConfirming) this.#keeping = this.#keep();
    await this.#keeping;
  }

  get layer(): Layer {
    return { name: this.name, candidate: this.#candidate?.set, lastGood: this.#served?.set };
  }

  /** Version of what is served; 0 for nothing. */
  get version(): number {
    return this.#served?.identity.version ?? 0;
  }

  get isServed(): boolean {
    return this.#served !== undefined;
  }

  /** Whether waiting longer could change what is served at the start: it has neither spoken nor failed with something to stand in. */
  get isWaitedFor(): boolean {
    if (this.#served === undefined) return true;
    return this.#isRestored && !this.#hasFailed && !this.#isRefused;
  }

  ageMs(nowMs: number): number {
    return Math.max(0, nowMs - this.#confirmedAtMs);
  }

  /** When this store will count as stale if nothing is heard of it. */
  get staleAtMs(): number {
    return this.#confirmedAtMs + this.#options.maxStalenessMs;
  }

  isStale(nowMs: number): boolean {
    return nowMs > this.staleAtMs;
  }

  /** The ladder has composed: takes over what is served, and says what is wrong. Answers whether it serves another set than before. */
  settle(outcome: LayerOutcome): boolean {
    const { faults } = this.#options;
    const candidate = this.#candidate;
    if (candidate !== undefined) {
      const { reading, isShortForm } = candidate.set;
      const consequence = outcome.used === undefined ? "Nothing of it is served." : "The set in force stays.";
      const described =
        outcome.used === candidate.set ? [] : describeFaults(reading, isShortForm, outcome.faults, consequence);
      const odd = describeFaults(reading, isShortForm, outcome.warnings, "");
      faults.set(this.name, "flags", ...described, ...odd);
    }
    const before = this.#served;
    if (outcome.used === undefined) this.#served = undefined;
    else if (outcome.used === candidate?.set) this.#served = candidate;
    if (this.#isConfirming) this.#confirmedAtMs = this.#follower.heardAtMs;
    const isNew = this.#served?.set !== before?.set;
    if (isNew && this.#isConfirming) this.#keeping = this.#keep();
    return isNew;
  }

  status(nowMs: number, flagCount: number): StoreStatus {
    const state: StoreState =
      this.#served === undefined
        ? this.#candidate === undefined && !this.#isRefused
          ? "empty"
          : "refused"
        : this.#isRestored
          ? "restored"
          : "live";
    const served = this.#served?.identity;
    return {
      name: this.name,
      state,
      isStale: this.isStale(nowMs),
      flagCount,
      ...(served === undefined ? {} : { version: served.version, ageMs: this.ageMs(nowMs) }),
      ...(served === undefined || served.setId === "" ? {} : { setId: served.setId }),
    };
  }

  /** Whether what is served is what the store last said, so that every sign of its life confirms it. */
  get #isConfirming(): boolean {
    return !this.#isRestored && !this.#isRefused && this.#served !== undefined && this.#served === this.#candidate;
  }

  /** Writes what is served to disk, when there is a disk. */
  async #keep(): Promise<void> {
    const { snapshot, faults } = this.#options;
    const served = this.#served;
    if (snapshot === undefined || served === undefined) return;
    const { document, origin } = served.set.reading;
    try {
      await snapshot.write({ ...served.identity, document, origin, confirmedAtMs: this.#confirmedAtMs });
      faults.set("directory", `snapshot of ${this.name}`);
    } catch (error) {
      faults.set("directory", `snapshot of ${this.name}`, DimmerError.from(error));
    }
  }

  /** The store says that it holds this. */
  #take(reading: Reading): void {
    const { clock, faults, onCandidate, acceptance } = this.#options;
    const prepared = prepareSet(reading);
    if (!prepared.ok) {
      this.#refuse(describeFaults(reading, false, prepared.faults, "The set in force stays."));
      return;
    }
    const current = this.#candidate?.identity;
    const rules = { store: this.name, nowMs: clock.nowMs(), ...acceptance };
    const succession = judgeSuccession(current, prepared.set, rules);
    if (succession.type === "refused") {
      this.#refuse([succession.error]);
      return;
    }
    this.#isRefused = false;
    faults.set(this.name, "document");
    const wasRestored = this.#isRestored;
    this.#isRestored = false;
    if (succession.type === "newer" || this.#candidate === undefined || wasRestored) {
      // What the disk snapshot held and the store confirms is compiled already.
      const content = succession.type === "same" ? this.#candidate?.set.content : undefined;
      const set = content === undefined ? prepared.set : { ...prepared.set, content };
      this.#candidate = { set, identity: succession.identity };
      onCandidate();
    }
    this.#confirm();
  }

  #refuse(errors: readonly DimmerError[]): void {
    this.#isRefused = true;
    this.#options.faults.set(this.name, "document", ...errors);
    this.#options.onHeard();
  }

  /** The store holds what it has said last. */
  #confirm(): void {
    if (this.#isConfirming) this.#confirmedAtMs = this.#follower.heardAtMs;
    this.#options.onHeard();
  }
}
