import { expect, test } from "vitest";
import { median, percentile } from "./statistics.ts";

test("the median of an even number of samples lies between the two in the middle", () => {
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([5, 1, 3])).toBe(3);
});

test("a percentile is the sample of its rank", () => {
  const samples = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(percentile(samples, 0.99)).toBe(198);
  expect(percentile(samples, 0)).toBe(1);
  expect(percentile(samples, 1)).toBe(200);
});

test("without samples there is no number", () => {
  expect(median([])).toBeNaN();
  expect(percentile([], 0.5)).toBeNaN();
});
