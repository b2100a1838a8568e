/** Compares v2 with v1 over the outcomes of a replay, at one threshold and over all of them. */
import { cascadeAt } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { bootstrapIntervals, wilsonInterval } from "./statistics.ts";
import type { Interval } from "./statistics.ts";

/** What one router reached. Intervals are of 95 %. */
export interface RouterFigures {
  /** Share of right answers, 0 to 1. */
  readonly accuracy: number;
  readonly accuracyInterval: Interval;
  readonly costUsd: number;
  readonly costInterval: Interval;
}

/** v2 against v1 on the same questions. */
export interface Comparison {
  readonly n: number;
  readonly v1: RouterFigures;
  readonly v2: RouterFigures;
  /** Share of v1's cost that v2 does not spend; negative when it spends more. */
  readonly saving: number;
  readonly savingInterval: Interval;
  /** v2's accuracy less v1's: negative is a loss. */
  readonly accuracyDifference: number;
  readonly differenceInterval: Interval;
  /** Share of questions answered by the cheap model. */
  readonly cheapShare: number;
}

/** One point of the curve. */
export interface CurvePoint {
  readonly threshold: number;
  readonly accuracy: number;
  readonly saving: number;
}

/** Compares at one threshold. */
export function compareAt(outcomes: readonly Outcome[], threshold: number): Comparison {
  const n = outcomes.length;
  const rows = outcomes.map((outcome) => {
    const { isCheap, costMicroUsd } = cascadeAt(outcome, threshold);
    const isRight = isCheap ? outcome.isCheapRight : outcome.isStrongRight;
    return [Number(outcome.isStrongRight), Number(isRight), outcome.strongCostMicroUsd, costMicroUsd, Number(isCheap)];
  });
  const totalOf = (index: number): number => rows.reduce((sum, row) => sum + (row[index] ?? 0), 0);
  const [v1Right, v2Right, v1Cost, v2Cost, cheap] = [totalOf(0), totalOf(1), totalOf(2), totalOf(3), totalOf(4)];
  const [difference, saving, costV1, costV2] = bootstrapIntervals(rows, (totals) => {
    const [right1 = 0, right2 = 0, cost1 = 0, cost2 = 0] = totals;
    return [(right2 - right1) / n, 1 - cost2 / cost1, cost1 / 1e6, cost2 / 1e6];
  });
  const none: Interval = [Number.NaN, Number.NaN];
  return {
    n,
    v1: {
      accuracy: v1Right / n,
      accuracyInterval: wilsonInterval(v1Right, n),
      costUsd: v1Cost / 1e6,
      costInterval: costV1 ?? none,
    },
    v2: {
      accuracy: v2Right / n,
      accuracyInterval: wilsonInterval(v2Right, n),
      costUsd: v2Cost / 1e6,
      costInterval: costV2 ?? none,
    },
    saving: 1 - v2Cost / v1Cost,
    savingInterval: saving ?? none,
    accuracyDifference: (v2Right - v1Right) / n,
    differenceInterval: difference ?? none,
    cheapShare: cheap / n,
  };
}

/** Accuracy and saving at one threshold. */
export function pointAt(outcomes: readonly Outcome[], threshold: number): CurvePoint {
  let right = 0;
  let costMicroUsd = 0;
  let strongCostMicroUsd = 0;
  for (const outcome of outcomes) {
    const { isCheap, costMicroUsd: cost } = cascadeAt(outcome, threshold);
    if (isCheap ? outcome.isCheapRight : outcome.isStrongRight) right += 1;
    costMicroUsd += cost;
    strongCostMicroUsd += outcome.strongCostMicroUsd;
  }
  return { threshold, accuracy: right / outcomes.length, saving: 1 - costMicroUsd / strongCostMicroUsd };
}

/** The whole curve, from accepting every answer that is not found wrong (0) to accepting none (1), in hundredths. */
export function sweep(outcomes: readonly Outcome[]): readonly CurvePoint[] {
  return Array.from({ length: 101 }, (_, hundredths) => pointAt(outcomes, hundredths / 100));
}

/** The same outcomes as a marker sees them who reads numbers: the same number is right for both models or for neither. */
export function markByNumber(outcomes: readonly Outcome[]): readonly Outcome[] {
  return outcomes.map((outcome) => {
    if (!outcome.isAgreed) return outcome;
    const isRight = outcome.isCheapRight || outcome.isStrongRight;
    return { ...outcome, isCheapRight: isRight, isStrongRight: isRight };
  });
}
