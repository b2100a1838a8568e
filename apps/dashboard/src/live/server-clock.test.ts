import * as fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { ServerClock } from "./server-clock.ts";

const minuteMs = 60_000;
const startMs = Date.parse("2026-11-20T10:00:00.300Z");

/** A server and this machine, each with a clock; answers take what they are told to. */
class TwoClocks {
  trueMs = startMs;
  localAheadMs: number;
  readonly clock: ServerClock = new ServerClock(() => this.trueMs + this.localAheadMs);

  constructor(localAheadMs: number) {
    this.localAheadMs = localAheadMs;
  }

  async ask(thereMs: number = 0, backMs: number = 0, header: "date" | "x-other" = "date"): Promise<void> {
    vi.stubGlobal("fetch", async () => {
      this.trueMs += thereMs;
      const headers = { [header]: new Date(this.trueMs).toUTCString() };
      this.trueMs += backMs;
      return new Response("{}", { headers });
    });
    await this.clock.fetch("http://127.0.0.1/");
  }

  /** How far the estimate is from the server's time. */
  get errorMs(): number {
    return this.clock.nowMs() - this.trueMs;
  }
}

afterEach(() => vi.unstubAllGlobals());

test("a clock that is right is left as it is, before any answer and after", async () => {
  const clocks = new TwoClocks(0);
  expect(clocks.errorMs).toBe(0);
  await clocks.ask(20, 400);
  expect(clocks.errorMs).toBe(0);
});

test.each([-7 * minuteMs, 7 * minuteMs])("a clock that is off by %i ms is put right by one answer", async (aheadMs) => {
  const clocks = new TwoClocks(aheadMs);
  await clocks.ask(5, 5);
  expect(Math.abs(clocks.errorMs)).toBeLessThanOrEqual(1010);
});

test("however slow the answers, the error is never more than a second and the fastest of them, and never grows", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: -20 * minuteMs, max: 20 * minuteMs }),
      fc.array(fc.tuple(fc.nat(900), fc.nat(900), fc.nat(5000)), { minLength: 1, maxLength: 12 }),
      async (aheadMs, answers) => {
        const clocks = new TwoClocks(aheadMs);
        let fastestMs = Infinity;
        let lastErrorMs = Infinity;
        for (const [thereMs, backMs, pauseMs] of answers) {
          clocks.trueMs += pauseMs;
          await clocks.ask(thereMs, backMs);
          fastestMs = Math.min(fastestMs, thereMs + backMs);
          const errorMs = Math.abs(clocks.errorMs);
          expect(errorMs).toBeLessThanOrEqual(Math.min(1000 + fastestMs, lastErrorMs));
          lastErrorMs = errorMs;
        }
      },
    ),
  );
});

test("a clock that is set while the page is open is put right by the next answer", async () => {
  const clocks = new TwoClocks(0);
  await clocks.ask(5, 5);
  clocks.localAheadMs = 3 * minuteMs;
  await clocks.ask(5, 5);
  expect(Math.abs(clocks.errorMs)).toBeLessThanOrEqual(1010);
});

test("an answer without a date says nothing", async () => {
  const clocks = new TwoClocks(7 * minuteMs);
  await clocks.ask(5, 5, "x-other");
  expect(clocks.errorMs).toBe(7 * minuteMs);
});
