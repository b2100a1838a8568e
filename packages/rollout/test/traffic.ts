/** Made-up traffic from a seed, for simulations and tests: the same seed, the same requests. */
import type { ArmCounts } from "@dimmer/spec";
import { latencyBucket, latencyEdgesMs } from "@dimmer/spec/latency-buckets";

/** A source of numbers in [0, 1). */
export type Random = () => number;

/** Mulberry32, a small generator that is good enough for simulations. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Number of successes in `trials`, by jumping from success to success: cheap for small `probability`. */
export function drawBinomial(random: Random, trials: number, probability: number): number {
  if (probability <= 0) return 0;
  if (probability >= 1) return trials;
  const logFailure = Math.log1p(-probability);
  let successes = 0;
  let position = Math.floor(Math.log1p(-random()) / logFailure);
  while (position < trials) {
    successes += 1;
    position += 1 + Math.floor(Math.log1p(-random()) / logFailure);
  }
  return successes;
}

/** Counts of an arm: slow requests took a second, the others a tenth of it. */
export function armOf(requests: number, errors = 0, slow = 0): ArmCounts {
  const latency = Array.from({ length: latencyEdgesMs.length + 1 }, () => 0);
  latency[latencyBucket(100)] = requests - slow;
  latency[latencyBucket(1000)] = slow;
  return { requests, errors, latency };
}

/** Requests that fail and are slow with the given probabilities, each by itself. */
export function drawArm(random: Random, requests: number, errorRate: number, slowRate: number): ArmCounts {
  return armOf(requests, drawBinomial(random, requests, errorRate), drawBinomial(random, requests, slowRate));
}
