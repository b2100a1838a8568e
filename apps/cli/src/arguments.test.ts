import fc from "fast-check";
import { expect, test } from "vitest";
import {
  formatDurationMs,
  parseCount,
  parseDurationMs,
  parseFlagValue,
  parsePercentage,
  parseShare,
  parsePort,
} from "./arguments.ts";

test.each([
  ["500ms", 500],
  ["2s", 2000],
  ["1.5m", 90_000],
  ["36h", 129_600_000],
  ["2d", 172_800_000],
])("the duration %s is read as %i ms", (text, durationMs) => {
  expect(parseDurationMs("--for", text)).toBe(durationMs);
});

test("a duration is written so that it is read as the same", () => {
  fc.assert(
    fc.property(fc.nat({ max: 31_622_400_000 }), (durationMs) => {
      expect(parseDurationMs("--bake", formatDurationMs(durationMs))).toBe(durationMs);
    }),
  );
});

test.each([
  [129_600_000, "36h"],
  [86_400_000, "1d"],
  [90_000, "90s"],
  [1500, "1500ms"],
  [0, "0s"],
])("%i ms are written in the largest unit that says them exactly: %s", (durationMs, text) => {
  expect(formatDurationMs(durationMs)).toBe(text);
});

test.each(["", "10", "m", "-5s", "5 minutes"])("'%s' is no duration, and the error names the argument", (text) => {
  expect(() => parseDurationMs("--for", text)).toThrow(`--for is '${text}', which is no duration`);
});

test.each([
  ["5", 5],
  ["5%", 5],
  ["0.5 %", 0.5],
  ["100", 100],
])("the percentage %s is %d", (text, percentage) => {
  expect(parsePercentage("--percentage", text)).toBe(percentage);
});

test.each(["", "-1", "100.1", "half"])("'%s' is no percentage", (text) => {
  expect(() => parsePercentage("--percentage", text)).toThrow("which is no percentage from 0 to 100");
});

test.each([
  ["0.001", 0.001],
  ["33.333%", 33.333],
])("the share %s is %d", (text, share) => {
  expect(parseShare("--steps", text)).toBe(share);
});

test("a share finer than users are told apart is refused", () => {
  expect(() => parseShare("--steps", "5.0001")).toThrow("--steps is '5.0001', which is finer than 0.001 %");
});

test("a duration of more than a year is refused", () => {
  expect(() => parseDurationMs("--bake", "8785h")).toThrow("which is longer than 366d");
});

test.each(["0", "1.5", "many", ""])("'%s' is no count", (text) => {
  expect(() => parseCount("--limit", text)).toThrow("which is no whole number of at least 1");
});

test.each([
  ["0", 0],
  ["7700", 7700],
  ["65535", 65_535],
])("the port %s is %d", (text, port) => {
  expect(parsePort("--port", text)).toBe(port);
});

test.each(["", "-1", "65536", "80.5", "1e3", "http"])("'%s' is no port", (text) => {
  expect(() => parsePort("--port", text)).toThrow(`--port is '${text}', which is no port from 0 to 65535.`);
});

test.each([
  ["true", true],
  ["2.5", 2.5],
  ['{"a":1}', { a: 1 }],
  ["log-only", "log-only"],
  ["[1]", "[1]"],
  ["null", "null"],
])("the value %s is what it looks like", (text, value) => {
  expect(parseFlagValue(text)).toEqual(value);
});
