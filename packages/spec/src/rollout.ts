/**
 * Rollouts as they cross a process boundary: a plan raises one flag's exposure in steps; an attempt is one run of it.
 * How evidence is gathered and judged is in @dimmer/rollout; this file is its vocabulary.
 */
import { z } from "zod";

const rate = z.number().gt(0).lt(1);
const durationMs = z
  .int()
  .min(0)
  .max(366 * 24 * 60 * 60 * 1000);

/** Share of traffic, and how long it is observed at least before the next step. The 100 % step's bake is the soak. */
export const step = z.strictObject({ weightPercent: z.number().gt(0).max(100), bakeMs: durationMs });
export type Step = z.infer<typeof step>;

/** What happens while a verdict that is neither safe nor harm lasts longer than the plan's patience. */
export const absencePolicy = z.enum(["hold", "pause", "rollback"]);
export type AbsencePolicy = z.infer<typeof absencePolicy>;

/** How one flag is turned up, and what each step must show. Steps rise strictly and end at 100 %. */
export const plan = z.strictObject({
  name: z.string().min(1).max(64),
  steps: z.array(step).min(1).max(50),
  minRequestsPerArm: z
    .int()
    .min(1)
    .default(200)
    .describe("Requests each arm needs in a step; the baseline of a 100 % step needs none"),
  maxErrorRate: rate.default(0.01),
  maxLatencyMs: z.number().gt(0).default(500).describe("Rounded up to the next latency bucket edge"),
  latencyQuantile: rate.default(0.95).describe("At most 1 − this share of requests may be slower than maxLatencyMs"),
  falseRollbackRate: rate
    .default(0.05)
    .describe("α: chance at most that a healthy attempt is rolled back, all checks and looks together"),
  falseAdvanceRate: rate
    .default(0.05)
    .describe("β: chance at most that a step whose rate is safetyMargin times the limit is called safe"),
  safetyMargin: z.number().gt(1).max(100).default(2),
  patienceMs: durationMs
    .default(15 * 60 * 1000)
    .describe("How long absence or indecision may last beyond the bake before its policy acts"),
  policies: z
    .strictObject({
      undecided: absencePolicy.default("hold"),
      "too-little-traffic": absencePolicy.default("hold"),
      "no-data": absencePolicy.default("pause"),
      "source-error": absencePolicy.default("pause"),
      mismatch: absencePolicy.default("pause"),
    })
    .prefault({}),
});
export type Plan = z.infer<typeof plan>;
export type PlanInput = z.input<typeof plan>;

/** What a look at the evidence says. Only `safe` advances and only `harm` rolls back by itself; the rest have policies. */
export const verdictType = z.enum([
  "safe",
  "harm",
  "undecided",
  "too-little-traffic",
  "no-data",
  "immature",
  "source-error",
  "mismatch",
]);
export type VerdictType = z.infer<typeof verdictType>;

export const checkName = z.enum(["error-rate", "latency"]);
export type CheckName = z.infer<typeof checkName>;

/** Requests of one arm. An event is what a check counts: a failed request, or a slow one. */
export const armCounts = z.strictObject({
  requests: z.int().min(0),
  errors: z.int().min(0),
  latency: z.array(z.int().min(0)),
});
export type ArmCounts = z.infer<typeof armCounts>;

/**
 * What must be remembered of one check beyond the counts, as natural logarithms; enough to go on after a crash bit for
 * bit. The safety test needs nothing: it is a function of the step's counts.
 */
export const checkEvidence = z.strictObject({
  check: checkName,
  harm: z.array(z.number()).describe("State of the harm test, whole attempt"),
  harmSup: z.number().describe("Largest log e-value the harm test has reached"),
});
export type CheckEvidence = z.infer<typeof checkEvidence>;

/** Everything an attempt has learnt. A pure function of the plan and the observations, in order. */
export const evidence = z.strictObject({
  ticks: z.int().min(0).describe("Looks that brought new canary requests"),
  lastDataAt: z.iso.datetime().optional().describe("Last tick that brought requests of either arm"),
  checks: z.array(checkEvidence),
  silence: z
    .strictObject({ canary: z.int().min(0), baseline: z.int().min(0) })
    .describe("Requests of the other arm since this arm's last one, this step: an arm that fell silent shows here"),
  stepArms: z.strictObject({ canary: armCounts, baseline: armCounts }),
  attemptArms: z.strictObject({ canary: armCounts, baseline: armCounts }),
});
export type Evidence = z.infer<typeof evidence>;

/** One check of a verdict, with the numbers a person wants to see. */
export const checkResult = z.strictObject({
  check: checkName,
  type: verdictType,
  limit: z.number().describe("Highest share of events allowed"),
  canaryShare: z
    .number()
    .optional()
    .describe("Share of the canary's requests that were events, this attempt; absent without requests"),
  baselineShare: z.number().optional(),
  canaryP95Ms: z
    .number()
    .optional()
    .describe(
      "latency only: upper edge of the bucket that holds the plan's quantile, this attempt; the last edge when it is slower still",
    ),
  baselineP95Ms: z.number().optional(),
  harmE: z
    .number()
    .describe("Largest e-value of harm so far, attempt; at harmAt or above it is proven; capped at 1e300"),
  harmAt: z.number(),
  safetyE: z.number().describe("e-value of safety, step; at safetyAt or above it is proven; capped at 1e300"),
  safetyAt: z.number(),
});
export type CheckResult = z.infer<typeof checkResult>;

/** A judgement, and how far it may be trusted. */
export const verdict = z.strictObject({
  type: verdictType,
  reason: z.string().describe("One sentence, with the numbers"),
  guarantee: z.string().describe("'exact', or 'heuristic (<why>)'"),
  since: z.iso
    .datetime()
    .optional()
    .describe("Since when every look has said so; the plan's patience counts from here"),
  checks: z.array(checkResult),
});
export type Verdict = z.infer<typeof verdict>;

/** States of an attempt. `running` and `paused` are unfinished; the others are final. */
export const rolloutStatus = z.enum(["running", "paused", "succeeded", "rolled-back", "aborted"]);
export type RolloutStatus = z.infer<typeof rolloutStatus>;

/** One attempt. Waiting is stored here as absolute times, so that any process can go on with it after a crash. */
export const rollout = z.strictObject({
  id: z.string(),
  environment: z.string(),
  flag: z.string(),
  attempt: z.int().min(1).describe("Counts the attempts on this flag"),
  plan,
  linkedFlags: z.array(z.string()).describe("Turned off with the flag on rollback"),
  status: rolloutStatus,
  stepIndex: z.int().min(0),
  stepEnteredAt: z.iso.datetime(),
  bakeEndsAt: z.iso.datetime().describe("Earliest end of the step; moved on by as long as the rollout was paused"),
  stepSetVersion: z.int().describe("Observations of older set versions do not count for this step"),
  startSetVersion: z.int().describe("Observations of older set versions do not count for this attempt"),
  evidence,
  verdict: verdict.optional(),
  reason: z.string().describe("Why it is in this status"),
  startedAt: z.iso.datetime(),
  startedBy: z.string(),
  endedAt: z.iso.datetime().optional(),
  pausedAt: z.iso.datetime().optional(),
});
export type Rollout = z.infer<typeof rollout>;

/** What someone who starts a rollout says. */
export const startRolloutRequest = z.strictObject({
  flag: z.string(),
  plan: z.union([z.string().describe("Name of a preset"), plan]),
  linkedFlags: z.array(z.string()).default([]),
  reason: z.string().max(1024).default(""),
  force: z
    .boolean()
    .default(false)
    .describe("Start although, as far as the control plane knows, nobody would get the flag"),
});
export type StartRolloutRequest = z.input<typeof startRolloutRequest>;

export const rolloutAction = z.enum(["pause", "resume", "promote", "rollback"]);
export type RolloutAction = z.infer<typeof rolloutAction>;

/** One point of a rollout's history, for charts. */
export const rolloutPoint = z.object({
  at: z.iso.datetime(),
  weightPercent: z.number(),
  canary: z.object({ requests: z.int(), errors: z.int(), p95Ms: z.number().optional() }),
  baseline: z.object({ requests: z.int(), errors: z.int(), p95Ms: z.number().optional() }),
});
export type RolloutPoint = z.infer<typeof rolloutPoint>;
