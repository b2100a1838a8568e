import { describe, expect, test } from "vitest";
import type { Evidence } from "@dimmer/spec";
import { addTick, startEvidence } from "@dimmer/rollout";
import { at, planOf } from "../test/attempt.ts";
import { armOf, seededRandom } from "../test/traffic.ts";
import { findMismatch } from "./mismatch-test.ts";

const plan = planOf();

function add(evidence: Evidence, canary: number, baseline: number): Evidence {
  return addTick(plan, evidence, { at: at(0), canary: armOf(canary), baseline: armOf(baseline) });
}

const split = (canary: number, baseline: number): Evidence => add(startEvidence(plan), canary, baseline);

describe("a mismatch of weight and traffic", () => {
  test("is not seen where the split is as configured", () => {
    for (const weight of [1, 5, 10, 50, 90, 99]) {
      expect(findMismatch(weight, split(weight * 1000, (100 - weight) * 1000))).toBeUndefined();
    }
    expect(findMismatch(100, split(100_000, 0))).toBeUndefined();
  });

  test("is not seen in a split two times off, as few users with many requests make it", () => {
    expect(findMismatch(10, split(2000, 8000))).toBeUndefined();
    expect(findMismatch(10, split(500, 9500))).toBeUndefined();
    expect(findMismatch(50, split(3300, 6700))).toBeUndefined();
  });

  test("is seen when the arms are swapped", () => {
    expect(findMismatch(10, split(900, 100))).toMatchObject({ type: "skewed", canaryRequests: 900, requests: 1000 });
    expect(findMismatch(90, split(100, 900))).toMatchObject({ type: "skewed" });
  });

  test("is seen when most of the traffic ignores a full exposure", () => {
    expect(findMismatch(100, split(500, 500))).toMatchObject({ type: "skewed" });
    expect(findMismatch(100, split(980, 20))).toBeUndefined();
  });

  test("is seen when an arm never speaks, and not before that is unlikely", () => {
    expect(findMismatch(50, split(0, 30))).toBeUndefined();
    expect(findMismatch(50, split(0, 70))).toEqual({ type: "silent", arm: "canary", otherRequests: 70 });
    expect(findMismatch(50, split(70, 0))).toEqual({ type: "silent", arm: "baseline", otherRequests: 70 });
    expect(findMismatch(5, split(0, 500))).toBeUndefined();
    expect(findMismatch(5, split(0, 1500))).toMatchObject({ arm: "canary" });
  });

  test("is seen when an arm falls silent late, and heals when it speaks again", () => {
    const good = split(10_000, 10_000);
    const silent = add(good, 0, 100);
    expect(findMismatch(50, silent)).toMatchObject({ type: "silent", arm: "canary" });
    expect(findMismatch(50, add(silent, 1, 100))).toBeUndefined();
  });

  test("is hardly ever seen with two thousand sticky users of very unequal traffic", () => {
    const runs = 60;
    const seen = Array.from({ length: runs }, (_, run) => findMismatch(10, drawSplit(2000, 10, seededRandom(run))));
    expect(seen.filter((mismatch) => mismatch !== undefined).length).toBeLessThanOrEqual(1);
  });
});

/** Forty ticks of fifty requests; the user of rank r sends 1/r as many as the first. */
function drawSplit(users: number, weightPercent: number, random: () => number): Evidence {
  const isCanary = Array.from({ length: users }, () => random() * 100 < weightPercent);
  // Ranks whose logarithm is uniform have nearly that law, and need no table.
  const drawUser = (): number => Math.floor((users + 1) ** random()) - 1;
  let evidence = startEvidence(plan);
  for (let tick = 0; tick < 40; tick += 1) {
    const canary = Array.from({ length: 50 }, () => isCanary[drawUser()]).filter((one) => one === true).length;
    evidence = add(evidence, canary, 50 - canary);
  }
  return evidence;
}
