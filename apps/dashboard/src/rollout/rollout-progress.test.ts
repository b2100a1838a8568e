import type { Rollout } from "@dimmer/spec";
import { expect, test } from "vitest";
import { canaryState, rolledBack } from "../../test/fake-state.ts";
import { bakeLeftMs, bakedShare, currentWeightPercent } from "./rollout-progress.ts";

const nowMs = Date.parse("2026-11-20T10:00:00Z");

test("a running step bakes against its stored deadline", () => {
  const rollout = { ...running(), bakeEndsAt: at(nowMs + 60_000) };
  expect(bakeLeftMs(rollout, nowMs)).toBe(60_000);
  expect(bakedShare(rollout, nowMs)).toBeCloseTo(0.8);
  expect(bakeLeftMs(rollout, nowMs + 90_000)).toBe(0);
});

test("while it is paused the bake stands still", () => {
  const rollout: Rollout = { ...running(), status: "paused", pausedAt: at(nowMs), bakeEndsAt: at(nowMs + 60_000) };
  expect(bakeLeftMs(rollout, nowMs + 3_600_000)).toBe(60_000);
});

test("a rolled-back attempt exposes nobody", () => {
  expect(currentWeightPercent(running())).toBe(50);
  expect(currentWeightPercent(rolledBack(running(), nowMs))).toBe(0);
});

function running(): Rollout {
  const [rollout] = canaryState(nowMs).status.rollouts;
  if (rollout === undefined) throw new Error("the state has no rollout");
  return rollout;
}

function at(ms: number): string {
  return new Date(ms).toISOString();
}
