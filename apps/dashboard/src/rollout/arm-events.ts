/** What one check counts in one arm. Pure. */
import type { ArmCounts, CheckName, Plan } from "@dimmer/spec";
import { countSlowerThan } from "@dimmer/spec/latency-buckets";

/** Requests that a check can judge, and how many of them were events: failed, or too slow. */
export interface ArmEvents {
  readonly requests: number;
  readonly events: number;
}

/** As the judge counts: a request whose latency was not measured says nothing about latency. */
export function countEvents(check: CheckName, plan: Pick<Plan, "maxLatencyMs">, arm: ArmCounts): ArmEvents {
  if (check === "error-rate") return { requests: arm.requests, events: arm.errors };
  const requests = arm.latency.reduce((sum, inBucket) => sum + inBucket, 0);
  return { requests, events: countSlowerThan(arm.latency, plan.maxLatencyMs) };
}

/** Share of the requests that were events; undefined without requests. */
export function shareOf({ requests, events }: ArmEvents): number | undefined {
  return requests === 0 ? undefined : events / requests;
}
