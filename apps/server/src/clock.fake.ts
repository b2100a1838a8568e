/** A clock that only moves when a test says so. */
import type { Clock } from "./clock.ts";

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

export interface FakeClock extends Clock {
  /** Moves on, running what becomes due on the way, in order. */
  advance(ms: number): void;
}

/** Starts at 2026-01-01T00:00:00Z unless told otherwise. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let nowMs = startMs;
  const timers = new Set<Timer>();
  return {
    nowMs: () => nowMs,
    after(delayMs, run) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const [next] = [...timers].filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
        if (next === undefined) break;
        nowMs = next.atMs;
        timers.delete(next);
        next.run();
      }
      nowMs = endMs;
    },
  };
}
