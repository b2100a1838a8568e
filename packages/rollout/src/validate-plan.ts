import type { Plan } from "@dimmer/spec";
import { latencyEdgesMs } from "@dimmer/spec/latency-buckets";

/** One thing wrong with a plan that its schema cannot see. */
export interface PlanFault {
  /** JSON pointer (RFC 6901) to the place in the plan, e.g. `/steps/2/weightPercent`. */
  readonly pointer: string;
  /** What is wrong there, in one sentence. */
  readonly message: string;
  readonly value: number;
  /** What to do about it. */
  readonly fix: string;
}

/** Every fault of a plan that its schema let through; none when the plan can be run. */
export function validatePlan(plan: Plan): PlanFault[] {
  return [...findSteps(plan), ...findEnd(plan), ...findLatency(plan)];
}

function findSteps(plan: Plan): PlanFault[] {
  return plan.steps.flatMap(({ weightPercent }, index) => {
    const before = plan.steps[index - 1]?.weightPercent ?? 0;
    if (weightPercent > before) return [];
    return {
      pointer: `/steps/${index}/weightPercent`,
      message: `Step ${index + 1} exposes ${weightPercent} %, which is not more than the ${before} % before it.`,
      value: weightPercent,
      fix: `Give the step more than ${before} %, or leave it out.`,
    };
  });
}

function findEnd(plan: Plan): PlanFault[] {
  const last = plan.steps.at(-1)?.weightPercent ?? 0;
  if (last === 100) return [];
  return [
    {
      pointer: `/steps/${plan.steps.length - 1}/weightPercent`,
      message: `The last step exposes ${last} %; a plan ends at 100 %.`,
      value: last,
      fix: "Add a step of 100 %; its bake time is the soak.",
    },
  ];
}

/** Beyond the last bucket edge no request counts as slow, and the check would pass whatever happens. */
function findLatency(plan: Plan): PlanFault[] {
  const slowestMs = latencyEdgesMs.at(-1) ?? 0;
  if (plan.maxLatencyMs <= slowestMs) return [];
  return [
    {
      pointer: "/maxLatencyMs",
      message: `A limit of ${plan.maxLatencyMs} ms cannot be checked: latencies are told apart up to ${slowestMs} ms.`,
      value: plan.maxLatencyMs,
      fix: `Set it to ${slowestMs} or less.`,
    },
  ];
}
