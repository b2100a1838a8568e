/** Sums of what was counted in one arm. */
import type { ArmCounts } from "@dimmer/spec";
import { latencyEdgesMs } from "@dimmer/spec/latency-buckets";

/** Nothing counted. */
export function emptyArm(): ArmCounts {
  return { requests: 0, errors: 0, latency: Array.from({ length: latencyEdgesMs.length + 1 }, () => 0) };
}

/** Both together. */
export function addArms(a: ArmCounts, b: ArmCounts): ArmCounts {
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    latency: a.latency.map((count, index) => count + (b.latency[index] ?? 0)),
  };
}
