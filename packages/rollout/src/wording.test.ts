import { expect, test } from "vitest";
import { duration, eValue, percent, roughly, threshold, whole } from "./wording.ts";

test("shares read as percentages with two digits that count", () => {
  expect([0.0514, 0.00251, 0, 1, 0.1].map((share) => percent(share))).toEqual([
    "5.1 %",
    "0.25 %",
    "0 %",
    "100 %",
    "10 %",
  ]);
  expect(percent(0.125, 4)).toBe("12.5 %");
});

test("an e-value never reads as larger than it is, a threshold never as smaller", () => {
  expect([0.99, 4.19, 39.99, 40, 1e300].map(eValue)).toEqual(["0.9", "4.1", "39", "40", "over 10,000"]);
  expect([2 / 0.05, 1 / 0.05, 1 / 0.03].map(threshold)).toEqual(["40", "20", "33.4"]);
});

test("counts have separators, estimates two digits", () => {
  expect([0, 999, 1000, 1_234_567].map(whole)).toEqual(["0", "999", "1,000", "1,234,567"]);
  expect([0, 7, 84, 841, 1437].map(roughly)).toEqual(["0", "7", "84", "850", "1,500"]);
});

test("durations use the unit a person would", () => {
  expect([-5, 90_000, 960_000, 5 * 3_600_000, 96 * 3_600_000].map(duration)).toEqual([
    "0 s",
    "90 s",
    "16 min",
    "5 h",
    "4 days",
  ]);
});
