import type { ArmCounts } from "@dimmer/spec";
import { latencyEdgesMs } from "@dimmer/spec/latency-buckets";

/** An arm without requests. */
export function emptyArm(): ArmCounts {
  return { requests: 0, errors: 0, latency: Array.from({ length: latencyEdgesMs.length + 1 }, () => 0) };
}

/** Both counts together; histograms of different length are padded with zeros. */
export function addArms(a: ArmCounts, b: ArmCounts): ArmCounts {
  const [longer, shorter] = a.latency.length >= b.latency.length ? [a.latency, b.latency] : [b.latency, a.latency];
  return {
    requests: a.requests + b.requests,
    errors: a.errors + b.errors,
    latency: longer.map((count, index) => count + (shorter[index] ?? 0)),
  };
}
