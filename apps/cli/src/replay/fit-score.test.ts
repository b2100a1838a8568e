import { describe, expect, test } from "vitest";
import { scoreModel, scoreSignals, signalNames } from "@dimmer/orchestrator";
import type { AnswerSignals } from "@dimmer/orchestrator";
import { chooseThreshold, fitScore } from "./fit-score.ts";
import type { MarkedAnswer } from "./fit-score.ts";

/** Signals with one set, the others 0. */
function signals(set: Partial<AnswerSignals>): AnswerSignals {
  return { ...none, ...set };
}

const none: AnswerSignals = {
  unmarkedFinal: 0,
  fractionalFinal: 0,
  wordyFinal: 0,
  operationShare: 0,
  unmentionedQuantities: 0,
  unusedResults: 0,
  reusedQuantities: 0,
  reusedResults: 0,
  products: 0,
  missingSubtraction: 0,
  earlierState: 0,
  hedged: 0,
  idleEnding: 0,
};

/** Of 1,000 answers a quarter is hedged; those are right in 1 of 5 cases, the others in 4 of 5. */
const answers: readonly MarkedAnswer[] = Array.from({ length: 1000 }, (_, index) => {
  const isHedged = index % 4 === 0;
  const isCheapRight = isHedged ? index % 20 === 0 : index % 5 !== 1;
  return {
    signals: signals({ hedged: Number(isHedged) }),
    isCheapRight,
    isStrongRight: true,
    isFitting: index % 3 === 0,
  };
});

test("a fitted score comes close to how often answers with those signals are right", () => {
  const model = fitScore(answers);
  expect(scoreSignals(signals({ hedged: 1 }), model)).toBeCloseTo(0.2, 1);
  expect(scoreSignals(none, model)).toBeCloseTo(0.8, 1);
});

test("a signal that never varies gets no weight", () => {
  expect(fitScore(answers).weights.products).toBe(0);
});

test("answers that were found wrong have no part in it", () => {
  const failed = answers.map((answer, index) => (index < 500 ? answer : { ...answer, signals: undefined }));
  expect(fitScore(failed)).toEqual(fitScore(answers.slice(0, 500)));
});

describe("the threshold", () => {
  test("takes every answer when none costs anything", () => {
    expect(chooseThreshold(answers.map((answer) => ({ ...answer, isCheapRight: true })))).toBe(0.5);
  });

  test("takes none when no score tells right from wrong and too much would be lost", () => {
    expect(chooseThreshold(answers)).toBeGreaterThanOrEqual(0.8);
  });
});

test("every signal has a weight", () => {
  expect(Object.keys(scoreModel.weights).toSorted()).toEqual([...signalNames].toSorted());
});
