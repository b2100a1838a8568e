/**
 * Finds the number an answer ends on: set apart as in GSM8K's solutions ("#### 18") or as \boxed{18}, or else the last
 * number of the text.
 */
import { readTokens } from "./arithmetic-tokens.ts";
import { readExpression } from "./expression.ts";

/** The final number of an answer. */
export interface FinalAnswer {
  readonly value: number;
  /** Set apart by a mark, so that a program can read it. */
  readonly isMarked: boolean;
  /** The mark is followed by more than a number: "#### 60 minutes". */
  readonly hasWords: boolean;
}

/** The final number of an answer; undefined when it names no number at all. Percentages keep their size: "25%" is 25. */
export function readFinalAnswer(text: string): FinalAnswer | undefined {
  const prose = withoutAnnotations(text);
  const marked = [...prose.matchAll(/####([^\n]*)|\\boxed\{([^{}]*)\}/g)]
    .map((match) => match[1] ?? match[2] ?? "")
    .at(-1);
  const value = marked === undefined ? undefined : readMarked(marked);
  if (marked !== undefined && value !== undefined) return { value, isMarked: true, hasWords: /\p{L}/u.test(marked) };
  const last = readTokens(prose).findLast((token) => token.type === "number");
  if (last?.type !== "number") return undefined;
  return { value: last.isPercent ? last.value * 100 : last.value, isMarked: false, hasWords: false };
}

/** The text without calculator annotations, which repeat what the prose says. */
export function withoutAnnotations(text: string): string {
  return text.replaceAll(/<<[^<>]*(?:>>|$)/gm, "");
}

/** The first number or fraction, with its sign. */
function readMarked(marked: string): number | undefined {
  const tokens = readTokens(marked);
  const first = tokens.findIndex((token) => token.type === "number");
  const sign = tokens[first - 1];
  const expression = readExpression(tokens, sign?.type === "operator" && sign.operator === "-" ? first - 1 : first);
  if (expression === undefined) return undefined;
  return expression.operands.some((operand) => operand.isPercent) ? expression.value * 100 : expression.value;
}
