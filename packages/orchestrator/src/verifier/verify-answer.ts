/** Judges an answer by its own text: certain faults first, then a score. Pure: the same text always gets the same. */
import type { Answer } from "../answer.ts";
import type { Demand } from "../demand.ts";
import { breaksOff, findFormFault } from "./answer-form.ts";
import type { AnswerFault } from "./answer-form.ts";
import { readSignals } from "./answer-signals.ts";
import { findCalculations } from "./calculation.ts";
import { readFinalAnswer } from "./final-answer.ts";
import { findJsonFault } from "./json-answer.ts";
import { isNear } from "./number.ts";
import { scoreSignals } from "./score-model.ts";
import { readStatedResult } from "./stated-result.ts";

/** What verification found. */
export type Verification =
  /** Certainly wrong: its form or its arithmetic fails. Its score is 0. */
  | { readonly type: "failed"; readonly fault: AnswerFault; readonly score: 0 }
  /** Nothing certainly wrong. The score, 0 to 1, is how likely the answer is right so far as its text can tell. */
  | { readonly type: "scored"; readonly score: number };

/**
 * Score of an answer of which only the form could be checked: JSON, or plain text. It is a statement of ignorance, not
 * a measurement, and below every sensible threshold.
 */
export const formOnlyScore = 0.5;

/** Checking is bounded work on a request's way: answers beyond these count as failed. */
const longestAnswer = 8000;
const mostCalculations = 200;

/** Whether any answer to this could reach a threshold: if not, a draft of it would only cost. */
export function canReach(demand: Demand, threshold: number): boolean {
  return demand.type === "number" || (demand.type !== "unverifiable" && formOnlyScore >= threshold);
}

/** Judges an answer to what was asked for. */
export function verifyAnswer(demand: Demand, answer: Answer): Verification {
  const fault = findFormFault(answer);
  if (fault !== undefined) return failed(fault);
  switch (demand.type) {
    case "number":
      return verifyNumber(demand.question, answer.text);
    case "json": {
      const jsonFault = findJsonFault(answer.text, demand.schema);
      return jsonFault === undefined ? scored(formOnlyScore) : failed(jsonFault);
    }
    case "prose":
    case "unverifiable":
      return scored(formOnlyScore);
  }
}

function verifyNumber(question: string, text: string): Verification {
  if (text.length > longestAnswer) return failed("too-long");
  if (breaksOff(text)) return failed("truncated");
  const calculations = findCalculations(text);
  if (calculations.length > mostCalculations) return failed("too-long");
  if (calculations.some((calculation) => calculation.result === "wrong")) return failed("wrong-arithmetic");
  const final = readFinalAnswer(text);
  if (final === undefined) return failed("no-number");
  const result = readStatedResult(question);
  if (result !== undefined) return isNear(result, final.value) ? scored(1) : failed("wrong-arithmetic");
  return scored(scoreSignals(readSignals(question, text, calculations)));
}

function scored(score: number): Verification {
  return { type: "scored", score };
}

function failed(fault: AnswerFault): Verification {
  return { type: "failed", fault, score: 0 };
}
