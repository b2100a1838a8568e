/** A signal that aborts when its caller gives up or when time runs out, and knows which it was. */
import type { Clock } from "./clock.ts";

export interface Deadline {
  /** Hand this to what shall stop. */
  readonly signal: AbortSignal;
  /** Whether time ran out, rather than the caller having given up. */
  readonly hasExpired: boolean;
  /** Starts the time again. */
  extend(timeoutMs: number): void;
  /** Stops the time and lets go of the caller's signal. Call it always. */
  release(): void;
}

/** Starts a deadline. An AbortSignal.any would do for one call, but long-lived callers' signals must be let go of. */
export function startDeadline(clock: Clock, timeoutMs: number, callerSignal?: AbortSignal): Deadline {
  const controller = new AbortController();
  let hasExpired = false;
  const expire = (): void => {
    hasExpired = true;
    controller.abort();
  };
  const giveUp = (): void => controller.abort(callerSignal?.reason);
  let cancel = clock.after(timeoutMs, expire);
  if (callerSignal?.aborted === true) giveUp();
  callerSignal?.addEventListener("abort", giveUp, { once: true });
  return {
    signal: controller.signal,
    get hasExpired() {
      return hasExpired;
    },
    extend: (ms) => {
      cancel();
      cancel = clock.after(ms, expire);
    },
    release: () => {
      cancel();
      callerSignal?.removeEventListener("abort", giveUp);
    },
  };
}
