/**
 * Fits the verifier's score and chooses its threshold: logistic regression with a ridge penalty, by Newton's method
 * (iteratively reweighted least squares; Hastie, Tibshirani & Friedman 2009, §4.4). Only for answers in which nothing is
 * certainly wrong: the others never get a score.
 */
import { scoreSignals, signalNames } from "@dimmer/orchestrator";
import type { AnswerSignals, ScoreModel } from "@dimmer/orchestrator";

/** An answer with its marks. `signals` is undefined where verification failed or had nothing to verify. */
export interface MarkedAnswer {
  readonly signals: AnswerSignals | undefined;
  readonly isCheapRight: boolean;
  readonly isStrongRight: boolean;
  /** Which half the question belongs to. */
  readonly isFitting: boolean;
}

/** Strength of the ridge on standardised signals: chosen small once, not tuned. */
const ridge = 10;
const rounds = 12;

/** Fits the weights on the answers that have signals. */
export function fitScore(answers: readonly MarkedAnswer[]): ScoreModel {
  const usable = answers.flatMap(({ signals, isCheapRight }) =>
    signals === undefined ? [] : [{ signals, target: Number(isCheapRight) }],
  );
  const scales = signalNames.map((name) => measure(usable.map(({ signals }) => signals[name])));
  const rows = usable.map(({ signals }) => [
    1,
    ...signalNames.map((name, index) => standardise(signals[name], scales[index])),
  ]);
  const targets = usable.map(({ target }) => target);
  let weights = [0, ...signalNames.map(() => 0)];
  for (let round = 0; round < rounds; round += 1) {
    const step = newtonStep(rows, targets, weights);
    weights = weights.map((weight, index) => weight + (step[index] ?? 0));
  }
  return unstandardise(weights, scales);
}

/** The step from these weights towards the greatest penalised likelihood. The intercept is not penalised. */
function newtonStep(
  rows: readonly (readonly number[])[],
  targets: readonly number[],
  weights: readonly number[],
): readonly number[] {
  const scores = rows.map((row) => 1 / (1 + Math.exp(-dot(row, weights))));
  const columns = weights.map((_, index) => rows.map((row) => row[index] ?? 0));
  const errors = scores.map((score, index) => (targets[index] ?? 0) - score);
  const gradient = columns.map(
    (column, index) => dot(column, errors) - (index === 0 ? 0 : ridge * (weights[index] ?? 0)),
  );
  const hessian = columns.map((left, i) => {
    const weighted = left.map((value, index) => value * (scores[index] ?? 0) * (1 - (scores[index] ?? 0)));
    return columns.map((right, j) => dot(weighted, right) + (i === j && i > 0 ? ridge : 0));
  });
  return solve(hessian, gradient);
}

/** The most points of accuracy a threshold may lose. */
export const mostLoss = 0.02;

/**
 * The lowest threshold, in hundredths, whose loss of accuracy stays below `mostLoss` by one standard error, on scores
 * that no answer has helped to fit: each half of the answers is scored by weights of the other half.
 */
export function chooseThreshold(answers: readonly MarkedAnswer[]): number {
  const halves = [answers.filter((answer) => answer.isFitting), answers.filter((answer) => !answer.isFitting)];
  const scored = halves.flatMap((half, index) => {
    const model = fitScore(halves[1 - index] ?? []);
    return half.map((answer) => ({ answer, score: scoreOf(answer, model) }));
  });
  for (let hundredths = 50; hundredths < 100; hundredths += 1) {
    const differences = scored.map(({ answer, score }) =>
      score >= hundredths / 100 ? Number(answer.isCheapRight) - Number(answer.isStrongRight) : 0,
    );
    const { mean, deviation } = measure(differences);
    if (mean - deviation / Math.sqrt(differences.length) >= -mostLoss) return hundredths / 100;
  }
  return 1;
}

/** The score of an answer; 0 where it has no signals. */
export function scoreOf(answer: MarkedAnswer, model: ScoreModel): number {
  return answer.signals === undefined ? 0 : scoreSignals(answer.signals, model);
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

function measure(values: readonly number[]): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

function standardise(value: number, scale: Scale | undefined): number {
  return scale === undefined || scale.deviation === 0 ? 0 : (value - scale.mean) / scale.deviation;
}

/** Weights for the signals as they are, with four decimals. */
function unstandardise(weights: readonly number[], scales: readonly Scale[]): ScoreModel {
  let intercept = weights[0] ?? 0;
  const raw = Object.fromEntries(
    signalNames.map((name, index) => {
      const { mean, deviation } = scales[index] ?? { mean: 0, deviation: 0 };
      const weight = deviation === 0 ? 0 : round((weights[index + 1] ?? 0) / deviation);
      intercept -= weight * mean;
      return [name, weight];
    }),
  );
  // Every signal has just been given its weight.
  return { intercept: round(intercept), weights: raw as ScoreModel["weights"] };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}

function dot(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}

/** Solves a symmetric positive definite system by Gaussian elimination; the ridge keeps its pivots away from zero. */
function solve(matrix: readonly (readonly number[])[], vector: readonly number[]): readonly number[] {
  const rows = matrix.map((row, index) => [...row, vector[index] ?? 0]);
  for (const [index, pivot] of rows.entries()) {
    for (const row of rows.slice(index + 1)) {
      const factor = (row[index] ?? 0) / (pivot[index] ?? 1);
      for (const [column, value] of pivot.entries()) row[column] = (row[column] ?? 0) - factor * value;
    }
  }
  const solution = vector.map(() => 0);
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index] ?? [];
    solution[index] =
      ((row.at(-1) ?? 0) - dot(row.slice(0, -1), solution) + (row[index] ?? 0) * (solution[index] ?? 0)) /
      (row[index] ?? 1);
  }
  return solution;
}
