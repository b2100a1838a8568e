import { expect, test } from "vitest";
import { bootstrapIntervals, wilsonInterval } from "./statistics.ts";

test("Wilson's interval has the values of the literature", () => {
  // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I.
  expect(wilsonInterval(81, 263).map((bound) => bound.toFixed(4))).toEqual(["0.2553", "0.3662"]);
  expect(wilsonInterval(15, 148).map((bound) => bound.toFixed(4))).toEqual(["0.0624", "0.1605"]);
  expect(wilsonInterval(0, 20).map((bound) => bound.toFixed(4))).toEqual(["0.0000", "0.1611"]);
});

test("the bootstrap agrees with the normal interval of a mean, and repeats itself exactly", () => {
  const rows = Array.from({ length: 400 }, (_, index) => [index % 4 === 0 ? 1 : 0]);
  const mean = (totals: readonly number[]): readonly number[] => [(totals[0] ?? 0) / rows.length];
  const [interval] = bootstrapIntervals(rows, mean);
  const half = 1.96 * Math.sqrt((0.25 * 0.75) / 400);
  expect(interval?.[0]).toBeCloseTo(0.25 - half, 2);
  expect(interval?.[1]).toBeCloseTo(0.25 + half, 2);
  expect(bootstrapIntervals(rows, mean)).toEqual([interval]);
});

test("rows stay whole: a difference that is the same in every row has no spread", () => {
  const rows = Array.from({ length: 50 }, (_, index) => [index, index + 2]);
  expect(bootstrapIntervals(rows, ([one = 0, other = 0]) => [(other - one) / 50])).toEqual([[2, 2]]);
});
