/** How much one token may ask: a bucket that fills at a steady rate, so that one client's loop cannot starve a kill. */

export interface RateLimit {
  /** Takes one request of `client` at `nowMs`; answers 0, or after how many milliseconds the next one is taken. */
  take(client: string, nowMs: number): number;
}

interface Bucket {
  requests: number;
  atMs: number;
}

/** A second's worth may come at once. */
export function createRateLimit(requestsPerSecond: number): RateLimit {
  const buckets = new Map<string, Bucket>();
  return {
    take(client, nowMs) {
      const bucket = buckets.get(client) ?? { requests: requestsPerSecond, atMs: nowMs };
      buckets.set(client, bucket);
      const elapsedMs = Math.max(0, nowMs - bucket.atMs);
      bucket.requests = Math.min(requestsPerSecond, bucket.requests + (elapsedMs * requestsPerSecond) / 1000);
      bucket.atMs = nowMs;
      if (bucket.requests < 1) return Math.ceil(((1 - bucket.requests) * 1000) / requestsPerSecond);
      bucket.requests -= 1;
      return 0;
    },
  };
}
