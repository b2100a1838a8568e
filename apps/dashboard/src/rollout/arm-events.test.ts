import { latencyBucket, latencyEdgesMs } from "@dimmer/spec/latency-buckets";
import { expect, test } from "vitest";
import { countEvents, shareOf } from "./arm-events.ts";

const plan = { maxLatencyMs: 500 };

test("errors are counted of all requests, slow ones of those whose latency was measured", () => {
  const latency = [...latencyEdgesMs, Infinity].map(() => 0);
  latency[latencyBucket(500)] = 6;
  latency[latencyBucket(501)] = 3;
  latency[latencyEdgesMs.length] = 1;
  const arm = { requests: 20, errors: 2, latency };
  expect(countEvents("error-rate", plan, arm)).toEqual({ requests: 20, events: 2 });
  expect(countEvents("latency", plan, arm)).toEqual({ requests: 10, events: 4 });
});

test("no requests have no share", () => {
  expect(shareOf({ requests: 0, events: 0 })).toBeUndefined();
  expect(shareOf({ requests: 4, events: 1 })).toBe(0.25);
});
