/** Those who wait until the stores have spoken, each for as long as it likes. */
import type { Clock } from "@dimmer/api-client";

export class ReadyWaiters {
  /** Its timers keep the process alive: somebody is awaiting them. */
  readonly #clock: Clock;
  readonly #isSettled: () => boolean;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock, isSettled: () => boolean) {
    this.#clock = clock;
    this.#isSettled = isSettled;
  }

  /** Resolves when there is nothing more to wait for, or at the timeout. */
  wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        cancel();
        this.#waiting.delete(wake);
        resolve();
      };
      const cancel = this.#clock.after(timeoutMs, wake);
      this.#waiting.add(wake);
      this.notice();
    });
  }

  /** Something was heard: whoever need not wait any longer goes on. */
  notice(): void {
    if (this.#waiting.size > 0 && this.#isSettled()) for (const wake of this.#waiting) wake();
  }
}
