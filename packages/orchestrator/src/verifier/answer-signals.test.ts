import { describe, expect, test } from "vitest";
import { readSignals } from "./answer-signals.ts";
import type { AnswerSignals } from "./answer-signals.ts";
import { findCalculations } from "./calculation.ts";

const question = "Ann packs 12 boxes of 8 pears each. She gives away 20 pears. How many pears are left?";
const answer = "Ann packs 12 * 8 = <<12*8=96>>96 pears.\nShe keeps 96 - 20 = <<96-20=76>>76 pears.\n#### 76";

function signals(answerText: string, questionText: string = question): AnswerSignals {
  return readSignals(questionText, answerText, findCalculations(answerText));
}

test("an answer that uses everything once and ends on its last result shows no sign of trouble", () => {
  expect(signals(answer)).toEqual({
    unmarkedFinal: 0,
    fractionalFinal: 0,
    wordyFinal: 0,
    operationShare: 1,
    unmentionedQuantities: 0,
    unusedResults: 0,
    reusedQuantities: 0,
    reusedResults: 0,
    products: 1,
    missingSubtraction: 0,
    earlierState: 0,
    hedged: 0,
    idleEnding: 0,
  });
});

describe("each sign of trouble is seen", () => {
  test.each<[keyof AnswerSignals, number, string]>([
    ["unmarkedFinal", 1, answer.replace("#### ", "")],
    ["fractionalFinal", 1, answer.replace("#### 76", "#### 76.5")],
    ["wordyFinal", 1, answer.replace("#### 76", "#### 76 pears")],
    ["operationShare", 0.5, "12 * 8 = 96\n#### 96"],
    ["unmentionedQuantities", 1, "12 * 8 = 96\n#### 96"],
    ["unusedResults", 1, "12 * 8 = 96\n20 - 8 = 12\n96 - 20 = 76\n#### 76"],
    ["reusedQuantities", 1, "12 * 8 = 96\n96 - 20 = 76\n76 - 20 = 56\n#### 56"],
    ["reusedResults", 1, "12 * 8 = 96\n96 - 20 = 76\n96 - 76 = 20\n#### 20"],
    ["products", 2, "12 * 8 = 96\n96 * 20 = 1920\n#### 1920"],
    ["missingSubtraction", 1, "12 * 8 = 96\n96 + 20 = 116\n#### 116"],
    ["hedged", 1, `However, this is unclear. ${answer}`],
    ["idleEnding", 1, answer.replace("\n####", "\nSo that is what Ann has left.\n####")],
  ])("%s", (name, value, text) => {
    expect(signals(text)[name]).toBe(value);
  });

  test("earlierState", () => {
    expect(signals(answer, `${question} Originally there were more.`).earlierState).toBe(1);
  });
});

test("quantities are found again in the forms they take in a calculation", () => {
  const asked = "A $50 coat is 20% off and half of the price goes to charity. How much is that?";
  expect(signals("50 * 0.8 = 40\n40 / 2 = 20\n#### 20", asked)).toMatchObject({
    unmentionedQuantities: 0,
    reusedQuantities: 0,
  });
});

test("counts are bounded, so that no oddity outweighs everything else", () => {
  const loop = Array.from({ length: 30 }, () => "12 * 8 = 96").join("\n");
  const { products, reusedQuantities, operationShare } = signals(`${loop}\n#### 96`);
  expect([products, reusedQuantities, operationShare]).toEqual([3, 3, 2]);
});
