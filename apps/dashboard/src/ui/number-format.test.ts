import { expect, test } from "vitest";
import {
  formatCount,
  formatEValue,
  formatLatency,
  formatQuantile,
  formatShare,
  formatWeight,
} from "./number-format.ts";

test("shares keep two significant places where it matters", () => {
  expect([0, 0.0042, 0.01, 0.053, 0.37, 1].map(formatShare)).toEqual([
    "0 %",
    "0.42 %",
    "1 %",
    "5.3 %",
    "37 %",
    "100 %",
  ]);
});

test("e-values are plain in the middle and powers of ten beyond", () => {
  expect([0, 0.00037, 0.021, 1, 7.4, 58, 1940, 123_456, 1e9, Infinity].map(formatEValue)).toEqual([
    "0",
    "3.7×10⁻⁴",
    "0.021",
    "1",
    "7.4",
    "58",
    "1,940",
    "1.2×10⁵",
    "10⁹",
    "∞",
  ]);
});

test("weights, counts and latencies", () => {
  expect([5, 0.001, 33.333].map(formatWeight)).toEqual(["5 %", "0.001 %", "33.333 %"]);
  expect(formatCount(12_345)).toBe("12,345");
  expect([400, 1500, 30_000].map(formatLatency)).toEqual(["400 ms", "1,500 ms", "30 s"]);
});

test("quantiles are called what they are", () => {
  expect([0.5, 0.95, 0.999].map(formatQuantile)).toEqual(["p50", "p95", "p99.9"]);
});
