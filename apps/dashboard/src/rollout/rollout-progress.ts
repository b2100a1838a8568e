/** Where an attempt stands, derived from what is stored of it. Pure. */
import type { Rollout } from "@dimmer/spec";

/** Whether it can still move. */
export function isUnfinished(rollout: Rollout): boolean {
  return rollout.status === "running" || rollout.status === "paused";
}

/** The share its flag is exposed to now: 0 once it was rolled back or aborted. */
export function currentWeightPercent(rollout: Rollout): number {
  if (rollout.status === "rolled-back" || rollout.status === "aborted") return 0;
  return rollout.plan.steps[rollout.stepIndex]?.weightPercent ?? 0;
}

/** Part of the step's bake that is over, 0 to 1. The clock stands still while the rollout is paused. */
export function bakedShare(rollout: Rollout, nowMs: number): number {
  const bakeMs = rollout.plan.steps[rollout.stepIndex]?.bakeMs ?? 0;
  if (bakeMs === 0) return 1;
  return Math.min(1, Math.max(0, 1 - bakeLeftMs(rollout, nowMs) / bakeMs));
}

/** Time until the step's bake is over, 0 when it is. */
export function bakeLeftMs(rollout: Rollout, nowMs: number): number {
  const atMs = rollout.pausedAt === undefined ? nowMs : Date.parse(rollout.pausedAt);
  return Math.max(0, Date.parse(rollout.bakeEndsAt) - atMs);
}
