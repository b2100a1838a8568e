/**
 * Replays real questions, with what two real models really answered, through a real gateway: v1 against v2. Which
 * answers are right enters only at the end, when everything has been answered and paid.
 */
import { createCascadeRouter, defaultThreshold } from "@dimmer/orchestrator";
import { DimmerError } from "@dimmer/spec/errors";
import { askGateway } from "./ask-gateway.ts";
import type { GatewayAnswer } from "./ask-gateway.ts";
import { compareAt, markByNumber, sweep } from "./comparison.ts";
import type { Comparison, CurvePoint } from "./comparison.ts";
import { cascadeAt, examine } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { readReplayFile } from "./replay-file.ts";
import type { ReplayFile } from "./replay-file.ts";
import { cheapModel, strongModel } from "./replay-models.ts";
import { isFittingQuestion } from "./split.ts";
import type { Interval } from "./statistics.ts";

export interface ReplayOptions {
  /** Path of a CSV file with the columns of RouteLLM's response files; see replay-file.ts. */
  readonly file: string;
  /** Of the verifier, 0 to 1. @defaultValue the orchestrator's `defaultThreshold` */
  readonly threshold?: number;
}

/** What a replay found. The first seven members are what `--json` promises. */
export interface ReplayReport {
  readonly n: number;
  readonly v1: Comparison["v1"];
  readonly v2: Comparison["v2"];
  readonly saving: number;
  readonly accuracyDifference: number;
  /** Of `accuracyDifference`. */
  readonly ci95: Interval;
  readonly curve: readonly CurvePoint[];
  readonly threshold: number;
  readonly savingInterval: Interval;
  /** Share of questions the cheap model answered. */
  readonly cheapShare: number;
  /** Points of the curve with the greatest saving that lose at most 1 and at most 2 percentage points. */
  readonly within: { readonly onePoint: CurvePoint | null; readonly twoPoints: CurvePoint | null };
  /** The same comparison on the half the weights were not fitted on, on the half they were, and by number alone. */
  readonly heldOut: Comparison | null;
  readonly fitted: Comparison | null;
  readonly markedByNumber: Comparison;
}

/** Runs a replay. Throws `data_invalid` for a file that cannot be used. */
export async function runReplay(options: ReplayOptions): Promise<ReplayReport> {
  const file = await readReplayFile(options.file);
  const threshold = options.threshold ?? defaultThreshold;
  const router = createCascadeRouter({ threshold });
  const { v1, v2 } = await askGateway(file.questions, router);
  const outcomes = joinOutcomes(file, v1, v2, threshold);
  const all = compareAt(outcomes, threshold);
  const curve = sweep(outcomes);
  return {
    n: all.n,
    v1: all.v1,
    v2: all.v2,
    saving: all.saving,
    accuracyDifference: all.accuracyDifference,
    ci95: all.differenceInterval,
    curve,
    threshold,
    savingInterval: all.savingInterval,
    cheapShare: all.cheapShare,
    within: {
      onePoint: bestWithin(curve, all.v1.accuracy - 0.01),
      twoPoints: bestWithin(curve, all.v1.accuracy - 0.02),
    },
    heldOut: compareHalf(
      outcomes.filter((outcome) => !isFittingQuestion(outcome.prompt)),
      threshold,
    ),
    fitted: compareHalf(
      outcomes.filter((outcome) => isFittingQuestion(outcome.prompt)),
      threshold,
    ),
    markedByNumber: compareAt(markByNumber(outcomes), threshold),
  };
}

function compareHalf(outcomes: readonly Outcome[], threshold: number): Comparison | null {
  return outcomes.length === 0 ? null : compareAt(outcomes, threshold);
}

function bestWithin(curve: readonly CurvePoint[], accuracy: number): CurvePoint | null {
  // Shares of whole numbers of questions: a hair of tolerance for their representation.
  const within = curve.filter((point) => point.accuracy >= accuracy - 1e-9);
  return within.toSorted((one, other) => other.saving - one.saving)[0] ?? null;
}

/**
 * Puts together what was answered, paid and marked. The curve is computed from scores and prices; at the threshold the
 * gateway ran with, it must tell exactly what the gateway did and billed, question by question.
 */
function joinOutcomes(
  file: ReplayFile,
  v1: readonly GatewayAnswer[],
  v2: readonly GatewayAnswer[],
  threshold: number,
): readonly Outcome[] {
  return file.questions.map((question, index) => {
    const marks = file.marks[index];
    if (marks === undefined) throw mismatch(index, "has no marks");
    const outcome: Outcome = { ...examine(question), ...marks };
    const strong = { model: strongModel.name, text: question.strongAnswer };
    if (!isSame(v1[index], { ...strong, costMicroUsd: outcome.strongCostMicroUsd }))
      throw mismatch(index, "was answered by v1 otherwise than recorded");
    const { isCheap, costMicroUsd } = cascadeAt(outcome, threshold);
    const delivered = isCheap ? { model: cheapModel.name, text: question.cheapAnswer } : strong;
    if (!isSame(v2[index], { ...delivered, costMicroUsd }))
      throw mismatch(index, "was answered by v2 otherwise than its score says");
    return outcome;
  });
}

function isSame(actual: GatewayAnswer | undefined, expected: GatewayAnswer): boolean {
  return (
    actual?.model === expected.model && actual.text === expected.text && actual.costMicroUsd === expected.costMicroUsd
  );
}

function mismatch(index: number, problem: string): DimmerError {
  return new DimmerError("internal", `Question ${index + 1} ${problem}.`, { row: index + 1 });
}
