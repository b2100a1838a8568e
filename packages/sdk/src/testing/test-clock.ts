/** Time that stands still until a test moves it. */
import type { Clock } from "@dimmer/api-client";

/** A clock that a test moves by hand. */
export interface TestClock extends Clock {
  /** Moves time on by so many milliseconds and calls back, in order, everything that falls due. */
  advance(durationMs: number): void;
  /** As `advance`, to this moment; a moment that is past changes nothing. */
  advanceTo(at: Date): void;
}

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Stands at `start` until it is moved; timers that fall due are called in order, as part of the move. */
export function createTestClock(start: Date): TestClock {
  let nowMs = start.getTime();
  const timers = new Set<Timer>();
  const nextDue = (untilMs: number): Timer | undefined =>
    [...timers].filter(({ atMs }) => atMs <= untilMs).toSorted((a, b) => a.atMs - b.atMs)[0];
  const advance = (durationMs: number): void => {
    const untilMs = nowMs + durationMs;
    for (let due = nextDue(untilMs); due !== undefined; due = nextDue(untilMs)) {
      timers.delete(due);
      nowMs = Math.max(nowMs, due.atMs);
      due.callback();
    }
    nowMs = untilMs;
  };
  return {
    nowMs: () => nowMs,
    after: (delayMs, callback) => {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    advance,
    advanceTo: (at) => advance(Math.max(0, at.getTime() - nowMs)),
  };
}
