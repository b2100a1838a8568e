/** Brings kills made in this process to one store, again and again until it has taken them in. */
import type { Clock } from "@dimmer/api-client";
import type { KillSet } from "@dimmer/spec";
import { emptyKillSet, mergeKillSets } from "@dimmer/spec/kill-set";
import type { KillStore } from "@dimmer/stores";
import type { FaultList } from "../fault-list.ts";
import { toStoreError } from "../store-error.ts";
import { withDeadline } from "../with-deadline.ts";

export interface DeliveryOutcome {
  readonly store: string;
  readonly isAccepted: boolean;
  readonly isDurable: boolean;
}

export interface KillDeliveryOptions {
  readonly store: KillStore;
  readonly clock: Clock;
  readonly faults: FaultList;
  readonly timeoutMs: number;
  /** Nothing is sent after this. */
  readonly ended: AbortSignal;
}

export class KillDelivery {
  readonly store: string;
  readonly #options: KillDeliveryOptions;
  #waiting: KillSet = emptyKillSet;
  #isBusy = false;

  constructor(options: KillDeliveryOptions) {
    this.#options = options;
    this.store = options.store.name;
  }

  /** Resolves when the store has taken the records in, has failed to, or the deadline is over. */
  async deliver(records: KillSet): Promise<DeliveryOutcome> {
    this.#waiting = mergeKillSets(this.#waiting, records);
    return await this.#send(records);
  }

  /** The store knows these: they need not be brought to it. */
  forget(known: KillSet): void {
    if (isEmpty(this.#waiting)) return;
    const ids = new Set([...known.kills, ...known.revives].map((record) => record.id));
    this.#waiting = {
      kills: this.#waiting.kills.filter((kill) => !ids.has(kill.id)),
      revives: this.#waiting.revives.filter((revive) => !ids.has(revive.id)),
    };
    if (isEmpty(this.#waiting)) this.#options.faults.set(this.store, "kill delivery");
  }

  /** The store is there again: tells it what it has missed. */
  retry(): void {
    if (!isEmpty(this.#waiting) && !this.#isBusy) void this.#send(this.#waiting);
  }

  async #send(records: KillSet): Promise<DeliveryOutcome> {
    const { store, faults } = this.#options;
    this.#isBusy = true;
    try {
      const deadline = { ...this.#options, store: this.store };
      const { durable } = await withDeadline(deadline, (signal) => store.mergeKills(records, signal));
      this.forget(records);
      return { store: this.store, isAccepted: true, isDurable: durable };
    } catch (error) {
      const fault = toStoreError(this.store, error);
      // A store that refuses would refuse again; one that was not there is told when it is.
      if (fault.definition.kind !== "unavailable") this.forget(records);
      faults.set(this.store, "kill delivery", fault);
      return { store: this.store, isAccepted: false, isDurable: false };
    } finally {
      this.#isBusy = false;
    }
  }
}

function isEmpty(set: KillSet): boolean {
  return set.kills.length === 0 && set.revives.length === 0;
}
