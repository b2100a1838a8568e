/** Time as the control plane sees it; injected, so that tests own it. */

/** Reads the time and wakes up later. */
export interface Clock {
  /** Unix time in milliseconds. */
  nowMs(): number;
  /** Calls `run` once after `delayMs`; the answer takes that back. */
  after(delayMs: number, run: () => void): () => void;
}

/** The machine's clock. Its timers keep no process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Unix milliseconds as the wire writes them. */
export function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
