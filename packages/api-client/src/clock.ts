/** The clock that everything with a deadline is given, so that tests move time themselves. */

/** Wall time, and being called back later. */
export interface Clock {
  /** Unix milliseconds. */
  nowMs(): number;
  /** Calls back once, `delayMs` (0 to 2^31 − 1) from now; what it returns cancels. */
  after(delayMs: number, callback: () => void): () => void;
}

/** The platform's own clock. Its timers keep a process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
