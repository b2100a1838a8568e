/** Both arms over time as a chart draws them. Pure. */
import type { RolloutPoint } from "@dimmer/spec";

/** Values by time; null where an arm had no requests. */
export interface ArmSeries {
  readonly timesS: number[];
  readonly canary: (number | null)[];
  readonly baseline: (number | null)[];
}

/** A change of weight, at the first point that has it. */
export interface WeightChange {
  readonly timeS: number;
  readonly weightPercent: number;
}

type Arm = RolloutPoint["canary"];

/** A share over fewer requests of an arm than this jumps about and says nothing. */
const minRequests = 100;
/** The attempt is drawn in this many parts at most. */
const maxPoints = 60;

/**
 * The points merged with their neighbours, so that each stands for enough requests of both arms (of the canary alone,
 * where the other has none) and they are few enough to read. Counts are added up; a merged p95 is the mean, weighted by
 * requests. A merged point never spans a change of weight; one that is still being filled joins the one before.
 */
export function mergePoints(points: readonly RolloutPoint[]): RolloutPoint[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const minSpanS = (toSeconds(last.at) - toSeconds(first.at)) / maxPoints;
  return splitByWeight(points).flatMap((run) => mergeRun(run, minSpanS));
}

function mergeRun(points: readonly RolloutPoint[], minSpanS: number): RolloutPoint[] {
  const merged: RolloutPoint[] = [];
  let filling: RolloutPoint | undefined;
  let filledFromS = 0;
  for (const point of points) {
    if (filling === undefined) filledFromS = toSeconds(point.at);
    filling = filling === undefined ? point : join(filling, point);
    if (!hasEnough(filling) || toSeconds(point.at) - filledFromS < minSpanS) continue;
    merged.push(filling);
    filling = undefined;
  }
  if (filling === undefined) return merged;
  const last = merged.pop();
  return [...merged, last === undefined ? filling : join(last, filling)];
}

function hasEnough({ canary, baseline }: RolloutPoint): boolean {
  return canary.requests >= minRequests && (baseline.requests === 0 || baseline.requests >= minRequests);
}

function splitByWeight(points: readonly RolloutPoint[]): RolloutPoint[][] {
  const runs: RolloutPoint[][] = [];
  for (const point of points) {
    const run = runs.at(-1);
    if (run?.[0]?.weightPercent === point.weightPercent) run.push(point);
    else runs.push([point]);
  }
  return runs;
}

/** Share of each arm's requests that failed, 0 to 1. */
export function errorShares(points: readonly RolloutPoint[]): ArmSeries {
  return toSeries(points, ({ requests, errors }) => (requests === 0 ? null : errors / requests));
}

/** Upper edge of the p95 bucket in ms. */
export function p95s(points: readonly RolloutPoint[]): ArmSeries {
  return toSeries(points, ({ p95Ms }) => p95Ms ?? null);
}

/** Where the weight changed, the first weight included. */
export function weightChanges(points: readonly RolloutPoint[]): WeightChange[] {
  return points.flatMap((point, index) =>
    points[index - 1]?.weightPercent === point.weightPercent
      ? []
      : [{ timeS: toSeconds(point.at), weightPercent: point.weightPercent }],
  );
}

/** The latest value that is not null. */
export function lastValue(values: readonly (number | null)[]): number | undefined {
  return values.findLast((value) => value !== null) ?? undefined;
}

function toSeries(points: readonly RolloutPoint[], valueOf: (arm: Arm) => number | null): ArmSeries {
  return {
    timesS: points.map(({ at }) => toSeconds(at)),
    canary: points.map(({ canary }) => valueOf(canary)),
    baseline: points.map(({ baseline }) => valueOf(baseline)),
  };
}

function join(a: RolloutPoint, b: RolloutPoint): RolloutPoint {
  return { ...b, canary: addArms(a.canary, b.canary), baseline: addArms(a.baseline, b.baseline) };
}

function addArms(a: Arm, b: Arm): Arm {
  const counts = { requests: a.requests + b.requests, errors: a.errors + b.errors };
  if (a.p95Ms === undefined || b.p95Ms === undefined) {
    const known = a.p95Ms ?? b.p95Ms;
    return known === undefined ? counts : { ...counts, p95Ms: known };
  }
  return {
    ...counts,
    p95Ms: counts.requests === 0 ? b.p95Ms : (a.p95Ms * a.requests + b.p95Ms * b.requests) / counts.requests,
  };
}

function toSeconds(iso: string): number {
  return Date.parse(iso) / 1000;
}
