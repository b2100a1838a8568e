/** What instances report of live traffic: counts and histograms, never prompts, answers or users. */
import { z } from "zod";

const count = z.int().min(0);

/**
 * One report for one flag, set version and variant. (environment, flag, setVersion, variant, instanceBootId, sequence)
 * identifies it: sending it twice changes nothing. The server stamps the tick.
 */
export const observation = z.strictObject({
  flag: z.string(),
  setVersion: count,
  variant: z.string(),
  sequence: count.describe("Counts up from 0 per instance boot"),
  requests: count,
  errors: count.describe("Requests that failed for the caller, after every retry and fallback"),
  latency: z
    .array(count)
    .describe("Requests per latency bucket; edges in latency-buckets.ts, one bucket more than edges"),
  inputTokens: count.default(0),
  outputTokens: count.default(0),
  costMicroUsd: count.default(0),
});
export type Observation = z.infer<typeof observation>;

/** What one instance sends at once. */
export const observationBatch = z.strictObject({
  instanceId: z.string().min(1).max(128),
  instanceBootId: z.string().min(1).max(64),
  observations: z.array(observation).max(10_000),
});
export type ObservationBatch = z.infer<typeof observationBatch>;
