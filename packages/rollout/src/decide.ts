import type { AbsencePolicy, Rollout, Verdict } from "@dimmer/spec";
import { currentStep, judge, type SourceState } from "./judge.ts";
import { duration } from "./wording.ts";

/** What to do with an attempt now, and why. `complete` is the `advance` of the last step. */
export interface Decision {
  readonly type: "hold" | "advance" | "complete" | "pause" | "rollback";
  readonly verdict: Verdict;
  readonly reason: string;
}

/**
 * What to do with an attempt at `nowMs` (Unix time in ms). Harm rolls back at any moment, in a paused attempt too.
 * Safety advances once the step is baked. Everything else holds, until it has lasted longer than the plan's patience
 * beyond the bake; then its policy acts. A paused or ended attempt otherwise holds.
 */
export function decide(rollout: Rollout, nowMs: number, source: SourceState): Decision {
  const verdict = judge(rollout, nowMs, source);
  const decideAs = (type: Decision["type"], what: string): Decision => ({
    type,
    verdict,
    reason: `${what}: ${verdict.reason}`,
  });
  const place = describePlace(rollout);
  if (rollout.status !== "running" && rollout.status !== "paused")
    return decideAs("hold", `${rollout.status} ${place}`);
  if (verdict.type === "harm") return decideAs("rollback", `harm ${place}`);
  if (rollout.status === "paused") return decideAs("hold", `paused ${place}`);
  if (verdict.type === "immature") return decideAs("hold", `baking ${place}`);
  if (verdict.type === "safe") {
    const next = rollout.plan.steps[rollout.stepIndex + 1];
    return next === undefined
      ? decideAs("complete", `safe ${place}, the last step`)
      : decideAs("advance", `safe ${place}, on to ${next.weightPercent} %`);
  }
  const policy = rollout.plan.policies[verdict.type];
  const deadlineMs = patienceEndsMs(rollout, verdict, nowMs);
  const isOver = nowMs >= deadlineMs;
  return decideAs(isOver ? policy : "hold", `${verdict.type} ${place}, ${describePolicy(policy, deadlineMs - nowMs)}`);
}

/** Patience counts from the end of the bake, or from when the verdict began if that was later. */
function patienceEndsMs({ bakeEndsAt, plan }: Rollout, { since }: Verdict, nowMs: number): number {
  const sinceMs = since === undefined ? nowMs : Date.parse(since);
  return Math.max(Date.parse(bakeEndsAt), sinceMs) + plan.patienceMs;
}

function describePlace(rollout: Rollout): string {
  const { weightPercent } = currentStep(rollout);
  return `at ${weightPercent} % (step ${rollout.stepIndex + 1} of ${rollout.plan.steps.length})`;
}

function describePolicy(policy: AbsencePolicy, leftMs: number): string {
  switch (policy) {
    case "hold":
      return "held by the plan's policy";
    case "pause":
      return leftMs > 0 ? `pauses in ${duration(leftMs)} unless it changes` : "paused by the plan's policy";
    case "rollback":
      return leftMs > 0 ? `rolls back in ${duration(leftMs)} unless it changes` : "rolled back by the plan's policy";
  }
}
