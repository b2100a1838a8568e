import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { expectedValue } from "../test/expectation.ts";
import { fromLog, logBet, logMean, logMixture, loweredOdds, raisedOdds } from "./e-value.ts";

const share = fc.double({ min: 0.0001, max: 0.9999, noNaN: true });

describe("a bet against a share of events", () => {
  test("is the likelihood ratio of the share it bets on", () => {
    const limit = 0.01;
    const oddsRatio = 5;
    const betOn = (oddsRatio * limit) / (1 + limit * (oddsRatio - 1));
    const byHand = 3 * Math.log(betOn / limit) + 97 * Math.log((1 - betOn) / (1 - limit));
    expect(logBet(oddsRatio, limit, { requests: 100, events: 3 })).toBeCloseTo(byHand, 12);
  });

  test("costs nothing on average at the edge of its hypothesis, whatever the number of requests", () => {
    fc.assert(
      fc.property(share, fc.integer({ min: 1, max: 40 }), (hypothesis, requests) => {
        for (const odds of [raisedOdds, loweredOdds]) {
          const expected = expectedValue(requests, hypothesis, (events) =>
            logMixture(odds, hypothesis, { requests, events }),
          );
          expect(expected).toBeCloseTo(1, 8);
        }
      }),
    );
  });

  test("raised odds lose on average when events are rarer than the hypothesis", () => {
    fc.assert(
      fc.property(share, share, fc.integer({ min: 1, max: 40 }), (a, b, requests) => {
        const [truth, hypothesis] = [Math.min(a, b), Math.max(a, b)];
        const expected = expectedValue(requests, truth, (events) =>
          logMixture(raisedOdds, hypothesis, { requests, events }),
        );
        expect(expected).toBeLessThanOrEqual(1 + 1e-8);
      }),
    );
  });

  test("lowered odds lose on average when events are more frequent than the hypothesis", () => {
    fc.assert(
      fc.property(share, share, fc.integer({ min: 1, max: 40 }), (a, b, requests) => {
        const [hypothesis, truth] = [Math.min(a, b), Math.max(a, b)];
        const expected = expectedValue(requests, truth, (events) =>
          logMixture(loweredOdds, hypothesis, { requests, events }),
        );
        expect(expected).toBeLessThanOrEqual(1 + 1e-8);
      }),
    );
  });
});

test("the mean of logarithms far outside a double's range is still their mean", () => {
  expect(logMean([-5000, -5000])).toBe(-5000);
  expect(logMean([5000, 5000 + Math.log(3)])).toBeCloseTo(5000 + Math.log(2), 9);
});

test("an e-value is finite however large its logarithm", () => {
  expect(fromLog(100_000)).toBe(1e300);
  expect(fromLog(-100_000)).toBe(0);
});
