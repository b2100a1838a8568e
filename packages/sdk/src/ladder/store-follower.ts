/**
 * Hears one store: follows it, and reads it again, with a deadline and behind a breaker, when it has been silent or what
 * it said does not do. What is made of its words is the ladder step's business.
 */
import type { Clock } from "@dimmer/api-client";
import type { Reading, StoreReader } from "@dimmer/stores";
import type { FaultList } from "../fault-list.ts";
import { toStoreError } from "../store-error.ts";
import { withDeadline } from "../with-deadline.ts";
import { createBreaker } from "./breaker.ts";

export interface StoreFollowerOptions {
  readonly store: StoreReader;
  readonly clock: Clock;
  readonly faults: FaultList;
  readonly readTimeoutMs: number;
  readonly refreshIntervalMs: number;
  /** The store says that it holds this. */
  readonly onReading: (reading: Reading) => void;
  /** The store is there, and holds what it held. */
  readonly onAlive: () => void;
  readonly onFailed: () => void;
  /** Whether what it has said so far does not do, so that it is read although it was heard of. */
  readonly isLacking: () => boolean;
}

export class StoreFollower {
  readonly #options: StoreFollowerOptions;
  readonly #ended = new AbortController();
  readonly #breaker = createBreaker();
  #heardAtMs: number;
  #signsOfLife = 0;
  #isReading = false;
  #cancelRefresh = (): void => undefined;

  constructor(options: StoreFollowerOptions) {
    this.#options = options;
    this.#heardAtMs = options.clock.nowMs();
  }

  /** When the store was last heard of, unix ms; before that, since when it is listened for. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  start(): void {
    const { store, clock, faults, readTimeoutMs, onAlive, onFailed, isLacking } = this.#options;
    store.follow(
      {
        changed: (reading) => this.#hear(reading),
        failed: (error) => {
          faults.set(store.name, "follow", error);
          onFailed();
          // What cannot be followed may still be read, as where a proxy holds back streams.
          if (isLacking()) void this.#read();
        },
        alive: () => {
          this.#noteLife();
          onAlive();
        },
      },
      this.#ended.signal,
    );
    this.#cancelRefresh = clock.after(readTimeoutMs, () => this.#refresh());
  }

  stop(): void {
    this.#ended.abort();
    this.#cancelRefresh();
  }

  #hear(reading: Reading): void {
    this.#noteLife();
    this.#options.onReading(reading);
  }

  /** The store can be heard, one way or the other. */
  #noteLife(): void {
    const { store, clock, faults } = this.#options;
    this.#signsOfLife += 1;
    this.#heardAtMs = clock.nowMs();
    faults.set(store.name, "follow");
    faults.set(store.name, "read");
  }

  #refresh(): void {
    const { clock, refreshIntervalMs, isLacking } = this.#options;
    this.#cancelRefresh = clock.after(refreshIntervalMs, () => this.#refresh());
    const isSilent = clock.nowMs() - this.#heardAtMs >= refreshIntervalMs;
    if (isSilent || isLacking()) void this.#read();
  }

  async #read(): Promise<void> {
    const { store, clock, faults, readTimeoutMs, onFailed } = this.#options;
    if (this.#isReading || this.#ended.signal.aborted || !this.#breaker.allows(clock.nowMs())) return;
    this.#isReading = true;
    const before = this.#signsOfLife;
    const deadline = { clock, timeoutMs: readTimeoutMs, ended: this.#ended.signal, store: store.name };
    try {
      const reading = await withDeadline(deadline, (signal) => store.read(signal));
      this.#breaker.succeeded();
      // What was heard while this was on its way is newer.
      if (this.#signsOfLife === before) this.#hear(reading);
    } catch (error) {
      this.#breaker.failed(clock.nowMs());
      if (this.#signsOfLife !== before || this.#ended.signal.aborted) return;
      faults.set(store.name, "read", toStoreError(store.name, error));
      onFailed();
    } finally {
      this.#isReading = false;
    }
  }
}
