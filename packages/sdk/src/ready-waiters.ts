/** Those who wait until what they need is served, each for as long as it likes. */
import type { Clock } from "@dimmer/api-client";

interface Waiter {
  readonly isServed: () => boolean;
  readonly wake: () => void;
}

export class ReadyWaiters {
  /** Its timers keep the process alive: somebody is awaiting them. */
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiter>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when there is nothing more to wait for, or at the timeout. */
  wait(timeoutMs: number, isServed: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#waiting.delete(waiter);
        resolve();
      };
      const waiter = { isServed, wake };
      const cancel = this.#clock.after(timeoutMs, wake);
      this.#waiting.add(waiter);
      this.notice();
    });
  }

  /** Something was heard: whoever need not wait any longer goes on. */
  notice(): void {
    for (const { isServed, wake } of this.#waiting) if (isServed()) wake();
  }
}
