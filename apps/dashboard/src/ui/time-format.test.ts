import { expect, test } from "vitest";
import { formatAge, formatClock, formatDuration } from "./time-format.ts";

test("durations have two units at most", () => {
  const durations = [-5, 8_400, 60_000, 200_000, 18_720_000, 183_600_000];
  expect(durations.map(formatDuration)).toEqual(["0 s", "8 s", "1 min", "3 min 20 s", "5 h 12 min", "2 d 3 h"]);
});

test("ages have one unit", () => {
  expect([0, 12_000, 200_000, 7_200_000, 180_000_000].map(formatAge)).toEqual([
    "just now",
    "12 s ago",
    "3 min ago",
    "2 h ago",
    "2 d ago",
  ]);
});

test("another day than today carries its date", () => {
  const nowMs = Date.parse("2026-11-20T10:00:00Z");
  expect(formatClock("2026-11-20T09:08:07Z", nowMs)).toBe("09:08:07");
  expect(formatClock("2026-11-19T09:08:07Z", nowMs)).toBe("19 Nov 09:08");
});
