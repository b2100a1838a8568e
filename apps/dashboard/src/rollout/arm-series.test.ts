import type { RolloutPoint } from "@dimmer/spec";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { errorShares, lastValue, mergePoints, weightChanges } from "./arm-series.ts";

const arm = fc.record({ requests: fc.nat(300), errors: fc.nat(20), p95Ms: fc.integer({ min: 1, max: 1000 }) });
const history = fc
  .array(fc.record({ weightPercent: fc.constantFrom(5, 10, 25), canary: arm, baseline: arm }), { maxLength: 300 })
  .map((rows) =>
    rows
      .toSorted((a, b) => a.weightPercent - b.weightPercent)
      .map((row, index) => ({ ...row, at: new Date(index * 5000).toISOString() })),
  );

test("merging loses no request and no error, and never spans a change of weight", () => {
  fc.assert(
    fc.property(history, (points) => {
      const merged = mergePoints(points);
      for (const weight of [5, 10, 25]) expect(totals(merged, weight)).toEqual(totals(points, weight));
      expect(weightChanges(merged).map(({ weightPercent }) => weightPercent)).toEqual(
        weightChanges(points).map(({ weightPercent }) => weightPercent),
      );
    }),
  );
});

test("a merged point stands for enough requests of both arms, or for all there are at its weight", () => {
  fc.assert(
    fc.property(history, (points) => {
      const merged = mergePoints(points);
      for (const point of merged) {
        const isAlone = merged.filter(({ weightPercent }) => weightPercent === point.weightPercent).length === 1;
        const hasEnough =
          point.canary.requests >= 100 && (point.baseline.requests >= 100 || point.baseline.requests === 0);
        expect(isAlone || hasEnough).toBe(true);
      }
    }),
  );
});

test("an arm without requests is a gap, not a zero", () => {
  const point: RolloutPoint = {
    at: "2026-11-20T10:00:00.000Z",
    weightPercent: 100,
    canary: { requests: 200, errors: 1 },
    baseline: { requests: 0, errors: 0 },
  };
  expect(errorShares([point])).toMatchObject({ canary: [0.005], baseline: [null] });
  expect(lastValue([0.1, null])).toBe(0.1);
  expect(lastValue([])).toBeUndefined();
});

function totals(points: readonly RolloutPoint[], weightPercent: number): number[] {
  const ofWeight = points.filter((point) => point.weightPercent === weightPercent);
  const add = (valueOf: (point: RolloutPoint) => number): number =>
    ofWeight.reduce((sum, point) => sum + valueOf(point), 0);
  return [
    add(({ canary }) => canary.requests),
    add(({ canary }) => canary.errors),
    add(({ baseline }) => baseline.requests),
  ];
}
