import { DimmerError } from "@dimmer/spec/errors";
import { expect, test } from "vitest";
import { staleness } from "./connection.ts";

test("a live connection is stale only after it was silent for longer than the server ever is", () => {
  expect(staleness({ type: "live", lastAliveMs: 0 }, 13_000)).toEqual({ isStale: false, ageMs: 13_000 });
  expect(staleness({ type: "live", lastAliveMs: 0 }, 14_001)).toEqual({ isStale: true, ageMs: 14_001 });
});

test("a lost connection is stale at once, and its age counts from the last news", () => {
  const lost = {
    type: "lost",
    lastAliveMs: 1000,
    error: new DimmerError("server_unreachable"),
    retryAtMs: 9000,
  } as const;
  expect(staleness(lost, 3000)).toEqual({ isStale: true, ageMs: 2000 });
  expect(staleness({ ...lost, lastAliveMs: undefined }, 3000)).toEqual({ isStale: true, ageMs: undefined });
});
