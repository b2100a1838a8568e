/** How far the attempt is: its present weight, its steps, and the bake of the present one. */
import type { Rollout, RolloutStatus } from "@dimmer/spec";
import type { ReactElement } from "react";
import { formatCount, formatWeight } from "../ui/number-format.ts";
import { formatClock, formatDuration } from "../ui/time-format.ts";
import { useNow } from "../live/use-now.ts";
import { bakeLeftMs, bakedShare, currentWeightPercent } from "./rollout-progress.ts";
import { statusWords } from "./status-words.ts";

export function StepRail({ rollout }: { rollout: Rollout }): ReactElement {
  const nowMs = useNow();
  const { steps } = rollout.plan;
  const { canary, baseline } = rollout.evidence.stepArms;
  return (
    <div className={`steps steps-${rollout.status}`}>
      <div className="steps-head">
        <span className="steps-weight">{formatWeight(currentWeightPercent(rollout))}</span>
        <p className="steps-where">
          <span className={`chip ${chipOf(rollout.status)}`}>{statusWords[rollout.status]}</span>{" "}
          {describePlace(rollout, nowMs)}
        </p>
        <p className="steps-counts">
          {formatCount(canary.requests)} canary and {formatCount(baseline.requests)} baseline requests in this step;{" "}
          {formatCount(rollout.plan.minRequestsPerArm)} of each needed
        </p>
      </div>
      <ol className="steps-rail">
        {steps.map((step, index) => (
          <li
            key={step.weightPercent}
            className={`step step-${stateOf(rollout, index)}`}
            {...(index === rollout.stepIndex ? { "aria-current": "step" } : {})}
          >
            <span className="step-bar" aria-hidden="true">
              <span className="step-fill" style={{ width: `${fillOf(rollout, index, nowMs) * 100}%` }} />
            </span>
            <span className="step-weight">{formatWeight(step.weightPercent)}</span>
            <span className="step-bake">{step.bakeMs === 0 ? "no bake" : formatDuration(step.bakeMs)}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function describePlace(rollout: Rollout, nowMs: number): string {
  const place = `Step ${rollout.stepIndex + 1} of ${rollout.plan.steps.length}`;
  const leftMs = bakeLeftMs(rollout, nowMs);
  switch (rollout.status) {
    case "running":
      return leftMs > 0
        ? `${place}, ${formatDuration(leftMs + 999)} left in the bake`
        : `${place}, bake over, waiting for proof`;
    case "paused":
      return `${place}, ${leftMs > 0 ? `${formatDuration(leftMs)} left in the bake when it goes on` : "bake over"}`;
    case "succeeded":
    case "rolled-back":
    case "aborted":
      return rollout.endedAt === undefined ? place : `${place}, ended ${formatClock(rollout.endedAt, nowMs)}`;
  }
}

function chipOf(status: RolloutStatus): string {
  if (status === "running") return "chip-accent";
  return status === "rolled-back" ? "chip-danger" : "";
}

function stateOf(rollout: Rollout, index: number): "done" | "current" | "ahead" | "failed" {
  if (rollout.status === "succeeded" || index < rollout.stepIndex) return "done";
  if (index > rollout.stepIndex) return "ahead";
  return rollout.status === "rolled-back" || rollout.status === "aborted" ? "failed" : "current";
}

function fillOf(rollout: Rollout, index: number, nowMs: number): number {
  const state = stateOf(rollout, index);
  if (state === "current") return bakedShare(rollout, nowMs);
  return state === "ahead" ? 0 : 1;
}
