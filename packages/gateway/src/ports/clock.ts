/** Time as the gateway uses it, injected so that tests decide what passes. */
import { setTimeout as delay } from "node:timers/promises";

/** What the gateway asks of time. */
export interface Clock {
  /** Unix time in ms. */
  nowMs(): number;
  /** A time in ms that never goes backwards; only differences mean something. */
  elapsedMs(): number;
  /** Resolves after `durationMs`, or at once when the signal aborts; look at the signal afterwards. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}

/** The time of this machine. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  async sleep(durationMs, signal) {
    try {
      await delay(durationMs, undefined, { signal });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  },
};
