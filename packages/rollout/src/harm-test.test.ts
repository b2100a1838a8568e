import { describe, expect, test } from "vitest";
import { expectedValue } from "../test/expectation.ts";
import { logMixture, raisedOdds } from "./e-value.ts";
import { addToHarmTest, logHarm, startHarmTest } from "./harm-test.ts";

const limit = 0.2;
const ticks = [3, 1, 4];

/** Exact mean of the e-value after the ticks, over every outcome, when each request is an event with `truth`. */
function meanAfterTicks(truth: number): number {
  const walk = (state: ReturnType<typeof startHarmTest>, before: number, rest: readonly number[]): number => {
    const [requests, ...later] = rest;
    if (requests === undefined) return logHarm(state.harm, before);
    const valueOf = (events: number): number =>
      walk(addToHarmTest(state, limit, before, { requests, events }), before + requests, later);
    return Math.log(expectedValue(requests, truth, valueOf));
  };
  return Math.exp(walk(startHarmTest("error-rate"), 0, ticks));
}

describe("the harm test", () => {
  test("is a fair game where the share of events is the limit", () => {
    expect(meanAfterTicks(limit)).toBeCloseTo(1, 10);
  });

  test("loses on average below the limit", () => {
    expect(meanAfterTicks(0.1)).toBeLessThan(1);
    expect(meanAfterTicks(0.0001)).toBeLessThan(1);
  });

  test("gains on average above the limit", () => {
    expect(meanAfterTicks(0.4)).toBeGreaterThan(1);
  });

  test("never has less than half of what the bets alone would have, however the counts came in", () => {
    let state = startHarmTest("error-rate");
    for (let tick = 0; tick < 100; tick += 1) {
      state = addToHarmTest(state, 0.01, tick * 10, { requests: 10, events: tick % 3 === 0 ? 1 : 0 });
    }
    const plain = logMixture(raisedOdds, 0.01, { requests: 1000, events: 34 });
    expect(logHarm(state.harm, 1000)).toBeGreaterThanOrEqual(plain - Math.LN2);
  });

  test("notices late trouble long before the bets of the start have recovered", () => {
    let state = addToHarmTest(startHarmTest("error-rate"), 0.01, 0, { requests: 10_000, events: 10 });
    state = addToHarmTest(state, 0.01, 10_000, { requests: 400, events: 20 });
    expect(logHarm(state.harm, 10_400)).toBeGreaterThan(Math.log(40));
    expect(logMixture(raisedOdds, 0.01, { requests: 10_400, events: 30 })).toBeLessThan(0);
  });

  test("remembers the largest e-value", () => {
    const high = addToHarmTest(startHarmTest("error-rate"), 0.01, 0, { requests: 20, events: 5 });
    const later = addToHarmTest(high, 0.01, 20, { requests: 5000, events: 0 });
    expect(later.harmSup).toBe(high.harmSup);
    expect(logHarm(later.harm, 5020)).toBeLessThan(high.harmSup);
  });
});
