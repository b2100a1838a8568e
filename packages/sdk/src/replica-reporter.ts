/** Tells the control plane what this process acts on; the latest only, again until it has been heard. */
import type { Clock } from "@dimmer/api-client";
import type { ReplicaReport } from "@dimmer/spec";
import type { ReplicaSink } from "./dimmer.ts";
import type { FaultList } from "./fault-list.ts";
import { toStoreError } from "./store-error.ts";

const retryMs = 2000;

export class ReplicaReporter {
  readonly #sink: ReplicaSink;
  readonly #clock: Clock;
  readonly #faults: FaultList;
  readonly #current: () => ReplicaReport;
  #isOutdated = false;
  #isSending = false;
  #isClosed = false;
  #cancelRetry = (): void => undefined;

  constructor(sink: ReplicaSink, clock: Clock, faults: FaultList, current: () => ReplicaReport) {
    this.#sink = sink;
    this.#clock = clock;
    this.#faults = faults;
    this.#current = current;
  }

  /** Something was applied, or the control plane may have forgotten what was. */
  report(): void {
    this.#isOutdated = true;
    void this.#send();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRetry();
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    this.#cancelRetry();
    while (this.#isOutdated && !this.#isClosed) {
      this.#isOutdated = false;
      try {
        await this.#sink.report(this.#current());
        this.#faults.set("replica", "report");
      } catch (error) {
        this.#isOutdated = true;
        if (this.#isClosed) break;
        this.#faults.set("replica", "report", toStoreError("replica", error));
        this.#cancelRetry = this.#clock.after(retryMs, () => void this.#send());
        break;
      }
    }
    this.#isSending = false;
  }
}
