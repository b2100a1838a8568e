/** What a plan's checks count, and the shares they are held to. */
import type { ArmCounts, CheckName, Plan } from "@dimmer/spec";
import { countSlowerThan, edgeAtOrAboveMs } from "@dimmer/spec/latency-buckets";
import type { EventCount } from "./e-value.ts";

/** One check of a plan, as numbers the tests work with. */
export interface Check {
  readonly name: CheckName;
  /** Largest share of events that is fine. */
  readonly limit: number;
  /** Smallest share of events that must not pass for safe. */
  readonly tolerated: number;
  /** What "slow" means to the latency check: the plan's limit rounded up to a bucket edge. */
  readonly slowMs: number;
  /** e-value at which harm is proven. */
  readonly harmAt: number;
  /** e-value at which safety is proven. */
  readonly safetyAt: number;
  /** The arm's requests this check can judge, and how many of them were events. */
  count(arm: ArmCounts): EventCount;
}

const checkNames: readonly CheckName[] = ["error-rate", "latency"];

/**
 * The checks of a plan. The false rollback rate α is one budget for all of them: harm of a check is proven at
 * (number of checks)/α, so that the chance of any false proof is at most α (Bonferroni, for e-values).
 */
export function checksOf(plan: Plan): readonly Check[] {
  return checkNames.map((name) => {
    const limit = limitOf(name, plan);
    return {
      name,
      limit,
      tolerated: toleratedShare(limit, plan.safetyMargin),
      slowMs: edgeAtOrAboveMs(plan.maxLatencyMs),
      harmAt: checkNames.length / plan.falseRollbackRate,
      safetyAt: 1 / plan.falseAdvanceRate,
      count: (arm) => count(name, plan, arm),
    };
  });
}

function limitOf(name: CheckName, plan: Plan): number {
  switch (name) {
    case "error-rate":
      return plan.maxErrorRate;
    case "latency":
      // 1 − 0.95 is 0.050000000000000044 as a double; people read this number.
      return Number((1 - plan.latencyQuantile).toPrecision(12));
  }
}

/** The limit times the margin, but never more than half-way between the limit and "every request". */
function toleratedShare(limit: number, safetyMargin: number): number {
  return Math.min(limit * safetyMargin, (1 + limit) / 2);
}

/** Requests without a measured latency say nothing about latency, so that check counts the histogram alone. */
function count(name: CheckName, plan: Plan, arm: ArmCounts): EventCount {
  switch (name) {
    case "error-rate":
      return { requests: arm.requests, events: arm.errors };
    case "latency":
      return {
        requests: arm.latency.reduce((sum, bucket) => sum + bucket, 0),
        events: countSlowerThan(arm.latency, plan.maxLatencyMs),
      };
  }
}
