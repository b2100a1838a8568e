/**
 * How the signals of an answer make a score: one logistic function with fixed weights. `dimmer replay --fit` fitted
 * them to half of Mixtral-8x7B-Instruct's answers to GSM8K; docs/orchestrator.md tells how, and what they reach on the
 * other half.
 */
import type { AnswerSignals } from "./answer-signals.ts";

/** Weights of a logistic score. */
export interface ScoreModel {
  readonly intercept: number;
  readonly weights: Readonly<Record<keyof AnswerSignals, number>>;
}

/** The weights in use; a new fit replaces them whole. */
export const scoreModel: ScoreModel = {
  intercept: 0.8501,
  weights: {
    unmarkedFinal: -1.2386,
    fractionalFinal: -3.0439,
    wordyFinal: -2.4528,
    operationShare: 0.5649,
    unmentionedQuantities: -0.8488,
    unusedResults: -0.5461,
    reusedQuantities: -0.2372,
    reusedResults: -0.3464,
    products: 0.183,
    missingSubtraction: -0.6391,
    earlierState: -0.9279,
    hedged: -1.4029,
    idleEnding: -0.8339,
  },
};

/** The threshold a cascade uses unless told otherwise; chosen with the weights. */
export const defaultThreshold = 0.79;

/** How likely an answer with these signals is right, 0 to 1. */
export function scoreSignals(signals: AnswerSignals, model: ScoreModel = scoreModel): number {
  let sum = model.intercept;
  for (const name of signalNames) sum += model.weights[name] * signals[name];
  return 1 / (1 + Math.exp(-sum));
}

/** Every signal, in the order in which they are declared. */
export const signalNames: readonly (keyof AnswerSignals)[] = [
  "unmarkedFinal",
  "fractionalFinal",
  "wordyFinal",
  "operationShare",
  "unmentionedQuantities",
  "unusedResults",
  "reusedQuantities",
  "reusedResults",
  "products",
  "missingSubtraction",
  "earlierState",
  "hedged",
  "idleEnding",
];
