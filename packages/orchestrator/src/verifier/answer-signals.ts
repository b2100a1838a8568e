/**
 * What the text of an answer to a question about quantities shows of its quality, as numbers a score can weigh. Nothing
 * here knows the right answer: every signal is read from the question and the answer alone.
 */
import { readTokens } from "./arithmetic-tokens.ts";
import type { ArithmeticToken } from "./arithmetic-tokens.ts";
import type { Calculation } from "./calculation.ts";
import { traceDerivation } from "./derivation.ts";
import { readFinalAnswer, withoutAnnotations } from "./final-answer.ts";
import { readQuantities } from "./quantity.ts";

/** Signals of one answer. Each is 0 or 1, or a count or measure bounded so that no oddity outweighs all the rest. */
export interface AnswerSignals {
  /** 1 when no mark sets the final number apart. */
  readonly unmarkedFinal: number;
  /** 1 when the final number is not whole. */
  readonly fractionalFinal: number;
  /** 1 when the marked final answer is more than a number. */
  readonly wordyFinal: number;
  /** Operations calculated over those needed to join all quantities of the question (one fewer than there are); 0 to 2. */
  readonly operationShare: number;
  /** Quantities of the question, in digits, that the answer does not take up; 0 to 2. */
  readonly unmentionedQuantities: number;
  /** Results the answer calculates and does not use; 0 to 2. */
  readonly unusedResults: number;
  /** Uses of quantities beyond the times the question states them; 0 to 3. */
  readonly reusedQuantities: number;
  /** Second uses of results; 0 to 2. */
  readonly reusedResults: number;
  /** Products in the working; 0 to 3. */
  readonly products: number;
  /** 1 when the question asks for a remainder or a difference and nothing is subtracted. */
  readonly missingSubtraction: number;
  /** 1 when the question asks for, or starts from, an earlier state: it has to be worked backwards. */
  readonly earlierState: number;
  /** 1 when the answer doubts itself or the question, assumes, or rounds. */
  readonly hedged: number;
  /** 1 when the last sentence before the final answer calculates nothing. */
  readonly idleEnding: number;
}

const hedge =
  /\b(?:however|mistake|impossible|not possible|approximat\w*|assum\w*|round(?:ed|ing)?|unclear|sorry|not enough information|cannot|can't|either|actually)\b/i;
const difference = /\b(?:left|remain|remaining|how (?:many|much) (?:more|fewer|less))\b/i;
const earlier =
  /\b(?:original|originally|initially|at first|at the beginning|start with|started with|begin with|before)\b/i;

/** Reads the signals of an answer whose calculations have been found. */
export function readSignals(question: string, answer: string, calculations: readonly Calculation[]): AnswerSignals {
  const quantities = readQuantities(question);
  const final = readFinalAnswer(answer);
  const prose = withoutAnnotations(answer);
  const tokens = readTokens(prose);
  const mentioned = tokens.flatMap((token) => (token.type === "number" ? [token.value] : []));
  const derivation = traceDerivation(quantities, calculations, final?.value, mentioned);
  const operations = calculations.reduce((sum, calculation) => sum + calculation.operands.length - 1, 0);
  return {
    unmarkedFinal: bit(final?.isMarked !== true),
    fractionalFinal: bit(final !== undefined && !Number.isInteger(final.value)),
    wordyFinal: bit(final?.hasWords === true),
    operationShare: Math.min(2, operations / Math.max(1, quantities.length - 1)),
    unmentionedQuantities: Math.min(2, derivation.unmentionedQuantities),
    unusedResults: Math.min(2, derivation.unusedResults),
    reusedQuantities: Math.min(3, derivation.reusedQuantities),
    reusedResults: Math.min(2, derivation.reusedResults),
    products: Math.min(3, tokens.filter((token) => isOperator(token, "*")).length),
    missingSubtraction: bit(difference.test(lastQuestion(question)) && !tokens.some((token) => isOperator(token, "-"))),
    earlierState: bit(earlier.test(question)),
    hedged: bit(hedge.test(answer)),
    idleEnding: bit(!readTokens(lastSentence(prose)).some((token) => token.type === "operator")),
  };
}

/** The sentence that asks: the last one, when it ends in a question mark. */
function lastQuestion(question: string): string {
  const text = question.trimEnd();
  if (!text.endsWith("?")) return "";
  return text.slice(0, -1).split(/[.!?]/).at(-1) ?? "";
}

/** The last line that is not the marked final answer. */
function lastSentence(prose: string): string {
  return (
    prose
      .trim()
      .split(/\n+/)
      .findLast((line) => !line.trimStart().startsWith("####")) ?? ""
  );
}

function isOperator(token: ArithmeticToken, operator: string): boolean {
  return token.type === "operator" && token.operator === operator;
}

function bit(condition: boolean): number {
  return condition ? 1 : 0;
}
