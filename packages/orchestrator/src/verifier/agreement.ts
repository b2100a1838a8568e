/** What it is worth that two models, asked separately, come to the same. */
import type { Answer } from "../answer.ts";
import type { Demand } from "../demand.ts";
import { readFinalAnswer } from "./final-answer.ts";
import { isSame } from "./json-answer.ts";
import { isNear } from "./number.ts";

/**
 * How often two wrong answers are the same wrong answer. Measured between Mixtral-8x7B and GPT-4-1106 on the GSM8K test
 * questions: 19 of 94, most of them marked wrong for their form alone; so this is on the cautious side.
 */
const sharedErrorRate = 0.2;

/** Whether two answers come to the same. Prose never does: no comparison of ours would prove it. */
export function isAgreed(demand: Demand, one: Answer, other: Answer): boolean {
  if (demand.type === "number") {
    const [first, second] = [readFinalAnswer(one.text), readFinalAnswer(other.text)];
    return first !== undefined && second !== undefined && isNear(first.value, second.value);
  }
  return demand.type === "json" && isSame(JSON.parse(one.text), JSON.parse(other.text));
}

/**
 * The score of an answer two models agree on, from their scores apart: Bayes' rule, with errors independent but for
 * those shared. Agreement never speaks against an answer.
 */
export function scoreAgreement(one: number, other: number): number {
  const right = one * other;
  const wrong = (1 - one) * (1 - other) * sharedErrorRate;
  return Math.max(one, other, right + wrong === 0 ? 0 : right / (right + wrong));
}
