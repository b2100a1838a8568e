import { describe, expect, test } from "vitest";
import { drawBinomial, seededRandom } from "../test/traffic.ts";
import { logSafety, requestsUntilSafe } from "./safety-test.ts";

const proven = Math.log(20);

function firstProof(tolerated: number, events: (requests: number) => number): number {
  let requests = 1;
  while (logSafety(tolerated, { requests, events: events(requests) }) < proven) requests += 1;
  return requests;
}

describe("the safety test", () => {
  test("needs about two hundred clean requests for a limit of 1 % and a margin of 2", () => {
    expect(firstProof(0.02, () => 0)).toBe(184);
    expect(firstProof(0.02, (requests) => Math.floor(requests / 500))).toBeLessThanOrEqual(350);
  });

  test("calls a step at the tolerated share safe in at most one of twenty cases, at any of many looks", () => {
    const random = seededRandom(20260101);
    const steps = 1000;
    let wrong = 0;
    for (let step = 0; step < steps; step += 1) {
      let events = 0;
      for (let requests = 25; requests <= 5000; requests += 25) {
        events += drawBinomial(random, 25, 0.02);
        if (logSafety(0.02, { requests, events }) >= proven) {
          wrong += 1;
          break;
        }
      }
    }
    // β plus two standard errors of a thousand trials.
    expect(wrong / steps).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / steps));
    expect(wrong).toBeGreaterThan(0);
  });

  test("is withdrawn by later events", () => {
    expect(logSafety(0.02, { requests: 300, events: 0 })).toBeGreaterThan(proven);
    expect(logSafety(0.02, { requests: 400, events: 8 })).toBeLessThan(proven);
  });
});

describe("the estimate of requests until safety", () => {
  test("is the number at which the proof is there", () => {
    const more = requestsUntilSafe(0.02, proven, { requests: 100, events: 0 });
    expect(more).toBe(84);
  });

  test("is nothing when the proof is there", () => {
    expect(requestsUntilSafe(0.02, proven, { requests: 500, events: 0 })).toBe(0);
  });

  test("does not exist at or above the tolerated share, nor without requests", () => {
    expect(requestsUntilSafe(0.02, proven, { requests: 100, events: 2 })).toBeUndefined();
    expect(requestsUntilSafe(0.02, proven, { requests: 100, events: 50 })).toBeUndefined();
    expect(requestsUntilSafe(0.02, proven, { requests: 0, events: 0 })).toBeUndefined();
  });
});
