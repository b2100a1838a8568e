/**
 * What the evidence says now. The order of the findings is the order in which they make the next one meaningless:
 *
 * 1. `harm`: proven is proven. It rests on the canary's own requests alone, so neither the bake time nor a source that
 *    has failed since nor a skewed split takes it back.
 * 2. `source-error`, `no-data`: we are blind; whatever the older counts say, they do not speak of now.
 * 3. `mismatch`: we see, but not the experiment the plan describes.
 * 4. `immature`: the numbers are sound, and it is too early.
 * 5. `too-little-traffic`: late enough, and too few requests.
 * 6. `undecided`, `safe`: enough of both; what the numbers say.
 */
import type { CheckResult, Rollout, Step, Verdict, VerdictType } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { checksOf } from "./check.ts";
import { judgeCheck, type JudgedCheck } from "./judge-check.ts";
import { findMismatch, type Mismatch } from "./mismatch-test.ts";
import { duration, percent, whole } from "./wording.ts";

/** Whether the place the counts come from could be read at this look. */
export type SourceState = { readonly type: "ok" } | { readonly type: "error"; readonly reason: string };

/**
 * Requests are assigned by user, and requests of one user resemble each other, while the tests take every request for
 * a trial of its own. Until users' first events are counted instead, α and β are guides and not guarantees.
 */
const guarantee = "heuristic (sticky users)";

/** Reports come every few seconds; a shorter silence is normal. */
const silenceMs = 60_000;

interface Finding {
  readonly type: VerdictType;
  readonly reason: string;
}

/**
 * What the evidence of an attempt says at `nowMs` (Unix time in ms). Store the verdict in `rollout.verdict`: the next
 * look reads from it since when it has been so. Drop it when the attempt is resumed, so that patience starts anew.
 */
export function judge(rollout: Rollout, nowMs: number, source: SourceState): Verdict {
  const checks = checksOf(rollout.plan).map((check) => judgeCheck(rollout, check));
  const finding = find({ rollout, step: currentStep(rollout), nowMs, source, checks });
  return {
    ...finding,
    guarantee,
    since: new Date(sinceMs(rollout, finding.type, nowMs)).toISOString(),
    checks: checks.map(({ result }) => result),
  };
}

/** The step an attempt is in. */
export function currentStep({ plan, stepIndex }: Rollout): Step {
  const step = plan.steps[stepIndex];
  if (step === undefined) {
    throw new DimmerError("internal", `The plan '${plan.name}' has no step ${stepIndex}.`, { stepIndex });
  }
  return step;
}

interface Look {
  readonly rollout: Rollout;
  readonly step: Step;
  readonly nowMs: number;
  readonly source: SourceState;
  readonly checks: readonly JudgedCheck[];
}

function find(look: Look): Finding {
  return (
    findHarm(look) ?? findBlindness(look) ?? findSkew(look) ?? findHaste(look) ?? findShortage(look) ?? findProof(look)
  );
}

function findHarm({ checks }: Look): Finding | undefined {
  const reason = clauses(checks, "harm");
  return reason === undefined ? undefined : { type: "harm", reason };
}

function findBlindness({ rollout, nowMs, source }: Look): Finding | undefined {
  if (source.type === "error") return { type: "source-error", reason: `measurements cannot be read: ${source.reason}` };
  const { evidence, stepEnteredAt, bakeEndsAt } = rollout;
  const { canary, baseline } = evidence.stepArms;
  const lastMs = Math.max(Date.parse(stepEnteredAt), Date.parse(evidence.lastDataAt ?? stepEnteredAt));
  const isEmpty = canary.requests + baseline.requests === 0;
  if (nowMs - lastMs < silenceMs && !(isEmpty && nowMs >= Date.parse(bakeEndsAt))) return undefined;
  const since = isEmpty ? `since the step began ${duration(nowMs - lastMs)} ago` : `for ${duration(nowMs - lastMs)}`;
  return { type: "no-data", reason: `no request of either arm ${since}` };
}

function findSkew({ rollout, step: { weightPercent } }: Look): Finding | undefined {
  const mismatch = findMismatch(weightPercent, rollout.evidence);
  return mismatch === undefined ? undefined : { type: "mismatch", reason: describeMismatch(mismatch, weightPercent) };
}

function describeMismatch(mismatch: Mismatch, weightPercent: number): string {
  switch (mismatch.type) {
    case "silent":
      return `the ${mismatch.arm} is silent: no request of it beside the last ${whole(mismatch.otherRequests)} others, at ${weightPercent} % exposure`;
    case "skewed":
      return (
        `the canary got ${percent(mismatch.canaryRequests / mismatch.requests)} of ${whole(mismatch.requests)} requests ` +
        `at ${weightPercent} % exposure; ${percent(mismatch.band.low)} to ${percent(mismatch.band.high)} would pass`
      );
  }
}

function findHaste({ rollout, nowMs, checks }: Look): Finding | undefined {
  const leftMs = Date.parse(rollout.bakeEndsAt) - nowMs;
  if (leftMs <= 0) return undefined;
  return { type: "immature", reason: `bakes for another ${duration(leftMs)}; so far ${allClauses(checks)}` };
}

function findShortage({ rollout, step, checks }: Look): Finding | undefined {
  const { evidence, plan } = rollout;
  const { canary, baseline } = evidence.stepArms;
  const needed = plan.minRequestsPerArm;
  const needsBaseline = step.weightPercent < 100;
  const canaryRequests = Math.min(...checks.map(({ stepRequests }) => stepRequests));
  if (canaryRequests >= needed && (!needsBaseline || baseline.requests >= needed)) return undefined;
  const measured = canaryRequests < canary.requests ? ` (${whole(canaryRequests)} of them with a latency)` : "";
  const beside = needsBaseline ? ` and ${whole(baseline.requests)} baseline requests` : " requests";
  const per = needsBaseline ? `${whole(needed)} of each` : whole(needed);
  return {
    type: "too-little-traffic",
    reason: `${whole(canary.requests)} canary${measured}${beside} in this step; it needs ${per}`,
  };
}

function findProof({ checks }: Look): Finding {
  const undecided = clauses(checks, "undecided");
  return undecided === undefined
    ? { type: "safe", reason: allClauses(checks) }
    : { type: "undecided", reason: undecided };
}

function clauses(checks: readonly JudgedCheck[], type: CheckResult["type"]): string | undefined {
  const found = checks.filter(({ result }) => result.type === type);
  return found.length === 0 ? undefined : allClauses(found);
}

function allClauses(checks: readonly JudgedCheck[]): string {
  return checks.map(({ reason }) => reason).join("; ");
}

/** Since when every look of this step has said so. Blindness counts as one, so that a flapping source cannot reset it. */
function sinceMs({ status, stepEnteredAt, verdict }: Rollout, type: VerdictType, nowMs: number): number {
  if (status !== "running" || verdict?.since === undefined) return nowMs;
  const since = Date.parse(verdict.since);
  const isSame = verdict.type === type || (isBlind(verdict.type) && isBlind(type));
  return isSame && since >= Date.parse(stepEnteredAt) && since <= nowMs ? since : nowMs;
}

function isBlind(type: VerdictType): boolean {
  return type === "source-error" || type === "no-data";
}
