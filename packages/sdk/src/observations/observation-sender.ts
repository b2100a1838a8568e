/**
 * Sends what was counted, at intervals and at the end. A batch that could not be sent is sent again unchanged, which
 * changes nothing where it had arrived; meanwhile counting goes on in the next one.
 */
import type { Clock } from "@dimmer/api-client";
import type { ObservationBatch } from "@dimmer/spec";
import type { ObservationInput, ObservationSink } from "../dimmer.ts";
import type { FaultList } from "../fault-list.ts";
import { toStoreError } from "../store-error.ts";
import { ObservationCounter } from "./observation-counter.ts";

export interface ObservationSenderOptions {
  readonly sink: ObservationSink;
  readonly instanceId: string;
  /** Another at every start: sequences count from 0 within it. */
  readonly instanceBootId: string;
  readonly flushIntervalMs: number;
  readonly clock: Clock;
  readonly faults: FaultList;
}

const maxRetryMs = 30_000;

export class ObservationSender {
  readonly #options: ObservationSenderOptions;
  readonly #counter = new ObservationCounter();
  #pending: ObservationBatch | undefined;
  #sequence = 0;
  #failures = 0;
  #sending: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;
  #sent = 0;
  #dropped = 0;

  constructor(options: ObservationSenderOptions) {
    this.#options = options;
  }

  /** Requests that have arrived. */
  get sent(): number {
    return this.#sent;
  }

  /** Requests that were not and will not be sent. */
  get dropped(): number {
    return this.#dropped;
  }

  observe(input: ObservationInput, setVersion: number): void {
    if (this.#isClosed || !this.#counter.count(input, setVersion)) this.drop();
    else this.#cancelTimer ??= this.#schedule();
  }

  drop(): void {
    this.#dropped += 1;
  }

  /** Sends what there is, once; resolves when that has worked or failed. What is left then counts as dropped. */
  async close(clock: Clock, timeoutMs: number): Promise<void> {
    this.#isClosed = true;
    this.#cancelTimer?.();
    let cancel = (): void => undefined;
    const timeout = new Promise<void>((resolve) => {
      cancel = clock.after(timeoutMs, resolve);
    });
    await Promise.race([this.#flushAll(), timeout]);
    cancel();
    const left = [...(this.#pending?.observations ?? []), ...this.#counter.drain(0)];
    this.#dropped += left.reduce((sum, observation) => sum + observation.requests, 0);
  }

  async #flushAll(): Promise<void> {
    await this.#sending;
    // The batch that was pending, then what was counted meanwhile.
    if (await this.#flush()) await this.#flush();
  }

  #schedule(): () => void {
    const { clock, flushIntervalMs } = this.#options;
    const waitMs = Math.min(Math.max(maxRetryMs, flushIntervalMs), flushIntervalMs * 2 ** Math.min(this.#failures, 30));
    return clock.after(waitMs, () => {
      this.#sending = this.#flush().then(() => {
        this.#sending = undefined;
        const isWork = this.#pending !== undefined || !this.#counter.isEmpty;
        this.#cancelTimer = isWork && !this.#isClosed ? this.#schedule() : undefined;
      });
    });
  }

  /** Sends the next batch; answers whether nothing is in the way of another. */
  async #flush(): Promise<boolean> {
    const { sink, instanceId, instanceBootId, faults } = this.#options;
    if (this.#pending === undefined) {
      if (this.#counter.isEmpty) return false;
      const observations = this.#counter.drain(this.#sequence);
      this.#sequence += observations.length;
      this.#pending = { instanceId, instanceBootId, observations };
    }
    const batch = this.#pending;
    const requests = batch.observations.reduce((sum, observation) => sum + observation.requests, 0);
    try {
      await sink.send(batch);
      this.#sent += requests;
      this.#failures = 0;
      this.#pending = undefined;
      faults.set("observations", "send");
      return true;
    } catch (error) {
      const fault = toStoreError("observations", error);
      faults.set("observations", "send", fault);
      this.#failures += 1;
      // What is refused for what it is would be refused for ever, and hold up everything behind it.
      if (fault.definition.kind === "input") {
        this.#dropped += requests;
        this.#pending = undefined;
      }
      return false;
    }
  }
}
