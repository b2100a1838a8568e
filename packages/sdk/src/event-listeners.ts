/** Who listens to what. A listener that throws harms nobody else; it is a fault of its own. */
import { DimmerError } from "@dimmer/spec/errors";
import type { DimmerEvents } from "./dimmer.ts";
import type { FaultList } from "./fault-list.ts";

type Listeners = { readonly [E in keyof DimmerEvents]: Set<(data: DimmerEvents[E]) => void> };

export class EventListeners {
  readonly #faults: FaultList;
  readonly #listeners: Listeners = { change: new Set(), kills: new Set(), stale: new Set(), fresh: new Set() };

  constructor(faults: FaultList) {
    this.#faults = faults;
  }

  add<E extends keyof DimmerEvents>(event: E, listener: (data: DimmerEvents[E]) => void): () => void {
    // The same function may listen twice, and stops listening once at a time.
    const own = (data: DimmerEvents[E]): void => listener(data);
    this.#listeners[event].add(own);
    return () => void this.#listeners[event].delete(own);
  }

  /** Whether anybody listens: what is told may be costly to find out. */
  has(event: keyof DimmerEvents): boolean {
    return this.#listeners[event].size > 0;
  }

  tell<E extends keyof DimmerEvents>(event: E, data: DimmerEvents[E]): void {
    for (const listener of this.#listeners[event]) {
      try {
        listener(data);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        this.#faults.set(
          "listener",
          event,
          new DimmerError(
            "internal",
            `A listener to '${event}' threw: ${reason}`,
            { event, fix: "Correct the listener; the others were told." },
            { cause: error },
          ),
        );
      }
    }
  }
}
