import type { ArmCounts, CheckResult, Rollout, VerdictType } from "@dimmer/spec";
import { latencyEdgesMs, quantileMs } from "@dimmer/spec/latency-buckets";
import type { Check } from "./check.ts";
import { describeCheck } from "./describe-check.ts";
import { fromLog, shareOf } from "./e-value.ts";
import { logSafety } from "./safety-test.ts";

/** A check's result, and the clause that says it in words. */
export interface JudgedCheck {
  readonly result: CheckResult;
  /** Canary requests of this step that the check could judge. */
  readonly stepRequests: number;
  readonly reason: string;
}

/** Judges one check of an attempt: both tests' e-values beside the shares and quantiles people know. */
export function judgeCheck(rollout: Rollout, check: Check): JudgedCheck {
  const { evidence, plan } = rollout;
  const step = check.count(evidence.stepArms.canary);
  const attempt = check.count(evidence.attemptArms.canary);
  const harmE = fromLog(evidence.checks.find((state) => state.check === check.name)?.harmSup ?? 0);
  const safetyE = fromLog(logSafety(check.tolerated, step));
  const canaryShare = shareOf(attempt);
  const baselineShare = shareOf(check.count(evidence.attemptArms.baseline));

  const typeOf = (): VerdictType => {
    if (harmE >= check.harmAt) return "harm";
    if (step.requests === 0) return "no-data";
    if (step.requests < plan.minRequestsPerArm) return "too-little-traffic";
    return safetyE >= check.safetyAt ? "safe" : "undecided";
  };
  const result: CheckResult = {
    check: check.name,
    type: typeOf(),
    limit: check.limit,
    ...(canaryShare !== undefined && { canaryShare }),
    ...(baselineShare !== undefined && { baselineShare }),
    ...(check.name === "latency" && quantiles(rollout)),
    harmE,
    harmAt: check.harmAt,
    safetyE,
    safetyAt: check.safetyAt,
  };
  return { result, stepRequests: step.requests, reason: describeCheck({ check, result, step, attempt }) };
}

function quantiles({ evidence, plan }: Rollout): Pick<CheckResult, "canaryP95Ms" | "baselineP95Ms"> {
  const canaryP95Ms = finiteQuantileMs(evidence.attemptArms.canary, plan.latencyQuantile);
  const baselineP95Ms = finiteQuantileMs(evidence.attemptArms.baseline, plan.latencyQuantile);
  return {
    ...(canaryP95Ms !== undefined && { canaryP95Ms }),
    ...(baselineP95Ms !== undefined && { baselineP95Ms }),
  };
}

/** JSON has no infinity, so a quantile beyond the last edge is reported as that edge. */
function finiteQuantileMs(arm: ArmCounts, quantile: number): number | undefined {
  const ms = quantileMs(arm.latency, quantile);
  return ms === Infinity ? latencyEdgesMs.at(-1) : ms;
}
