/** What an attempt becomes. Pure: every time, version and reason comes in; every deadline is stored as an absolute time. */
import { enterStep, startEvidence } from "@dimmer/rollout";
import type { Plan, Rollout, Step } from "@dimmer/spec";
import { toIso } from "../clock.ts";

/** What every transition needs to know. */
export interface Moment {
  readonly nowMs: number;
  readonly reason: string;
}

/** A new attempt, in its first step. */
export function startAttempt(
  start: {
    readonly id: string;
    readonly environment: string;
    readonly flag: string;
    readonly attempt: number;
    readonly plan: Plan;
    readonly linkedFlags: readonly string[];
    readonly by: string;
    readonly setVersion: number;
  },
  { nowMs, reason }: Moment,
): Rollout {
  const { id, environment, flag, attempt, plan, linkedFlags, by, setVersion } = start;
  return {
    id,
    environment,
    flag,
    attempt,
    plan,
    linkedFlags: [...linkedFlags],
    status: "running",
    stepIndex: 0,
    stepEnteredAt: toIso(nowMs),
    bakeEndsAt: toIso(nowMs + (plan.steps[0]?.bakeMs ?? 0)),
    stepSetVersion: setVersion,
    startSetVersion: setVersion,
    evidence: startEvidence(plan),
    reason,
    startedAt: toIso(nowMs),
    startedBy: by,
  };
}

/** The step after the present one; undefined in the last. */
export function nextStep(rollout: Rollout): Step | undefined {
  return rollout.plan.steps[rollout.stepIndex + 1];
}

/** In its next step, at the flag-set version that holds the step's weight. */
export function advance(rollout: Rollout, setVersion: number, { nowMs, reason }: Moment): Rollout {
  const { pausedAt: _pausedAt, verdict: _verdict, ...rest } = rollout;
  return {
    ...rest,
    status: "running",
    stepIndex: rollout.stepIndex + 1,
    stepEnteredAt: toIso(nowMs),
    bakeEndsAt: toIso(nowMs + (nextStep(rollout)?.bakeMs ?? 0)),
    stepSetVersion: setVersion,
    evidence: enterStep(rollout.plan, rollout.evidence),
    reason,
  };
}

/** Paused: it goes on collecting evidence. */
export function pause(rollout: Rollout, { nowMs, reason }: Moment): Rollout {
  return { ...rollout, status: "paused", pausedAt: toIso(nowMs), reason };
}

/** Running again; the bake ends later by as long as the pause was. Patience starts anew. */
export function resume(rollout: Rollout, { nowMs, reason }: Moment): Rollout {
  const { pausedAt, verdict: _verdict, ...rest } = rollout;
  // A pause that began after the bake had ended keeps nobody waiting.
  const missedMs = pausedAt === undefined ? 0 : nowMs - Math.min(Date.parse(pausedAt), nowMs);
  const wasBaked = pausedAt !== undefined && Date.parse(rollout.bakeEndsAt) <= Date.parse(pausedAt);
  return {
    ...rest,
    status: "running",
    bakeEndsAt: wasBaked ? rollout.bakeEndsAt : toIso(Date.parse(rollout.bakeEndsAt) + missedMs),
    reason,
  };
}

/** Ended for good. */
export function end(
  rollout: Rollout,
  status: "succeeded" | "rolled-back" | "aborted",
  { nowMs, reason }: Moment,
): Rollout {
  const { pausedAt: _pausedAt, ...rest } = rollout;
  return { ...rest, status, endedAt: toIso(nowMs), reason };
}
