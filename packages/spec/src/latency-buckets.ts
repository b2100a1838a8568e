/** The one set of latency bucket edges that instances count by and checks are judged on; zod-free. */

/**
 * Upper edges in ms, inclusive; a request slower than the last edge falls into one bucket more. A check's threshold is
 * rounded up to the next edge, never interpolated.
 */
export const latencyEdgesMs: readonly number[] = [
  1, 2, 5, 10, 20, 30, 50, 75, 100, 150, 200, 250, 300, 400, 500, 600, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10_000,
  20_000, 30_000, 60_000, 120_000,
];

/** Index of the bucket a latency falls into, 0 to `latencyEdgesMs.length`. */
export function latencyBucket(latencyMs: number): number {
  let low = 0;
  let high = latencyEdgesMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (latencyMs <= (latencyEdgesMs[middle] ?? Infinity)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The smallest edge at or above `thresholdMs`: what a threshold really means. Infinity beyond the last edge. */
export function edgeAtOrAboveMs(thresholdMs: number): number {
  return latencyEdgesMs[latencyBucket(thresholdMs)] ?? Infinity;
}

/** How many of the counted requests were slower than `thresholdMs`, rounded up to an edge. */
export function countSlowerThan(latency: readonly number[], thresholdMs: number): number {
  let slower = 0;
  for (let index = latencyBucket(thresholdMs) + 1; index < latency.length; index += 1) slower += latency[index] ?? 0;
  return slower;
}

/** Upper edge of the bucket that holds the given quantile (0 to 1); undefined without requests, Infinity in the last bucket. */
export function quantileMs(latency: readonly number[], quantile: number): number | undefined {
  const total = latency.reduce((sum, n) => sum + n, 0);
  if (total === 0) return undefined;
  let seen = 0;
  for (const [index, n] of latency.entries()) {
    seen += n;
    if (n > 0 && seen >= quantile * total) return latencyEdgesMs[index] ?? Infinity;
  }
  return Infinity;
}
