/** A clock that moves only when a test tells it to. */
import type { Clock } from "@dimmer/api-client";

export interface ManualClock extends Clock {
  /** Moves time on and calls back everything that falls due, in order. */
  advance(durationMs: number): void;
  /** Sets the wall clock without calling back, as when an operator corrects it. */
  jumpTo(nowMs: number): void;
  /** How many callbacks wait. */
  readonly waiting: number;
}

/** Starts at 2026-01-01T00:00:00Z unless told otherwise. */
export function createManualClock(startMs: number = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = startMs;
  const timers = new Set<{ atMs: number; readonly callback: () => void }>();
  const nextDue = (untilMs: number): { atMs: number; readonly callback: () => void } | undefined =>
    [...timers].filter((timer) => timer.atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
  return {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance: (durationMs) => {
      const untilMs = nowMs + durationMs;
      for (let due = nextDue(untilMs); due !== undefined; due = nextDue(untilMs)) {
        timers.delete(due);
        nowMs = Math.max(nowMs, due.atMs);
        due.callback();
      }
      nowMs = untilMs;
    },
    jumpTo: (ms) => {
      // Timers run by elapsed time, not by the wall clock: they keep what is left of their wait.
      for (const timer of timers) timer.atMs += ms - nowMs;
      nowMs = ms;
    },
    get waiting() {
      return timers.size;
    },
  };
}
