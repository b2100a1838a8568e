/**
 * Finds every calculation a text claims ("16 - 3 = 13", "<<9*2=18>>", "20% of $50 = $10") and computes it again.
 */
import { readTokens } from "./arithmetic-tokens.ts";
import type { ArithmeticToken, NumberToken } from "./arithmetic-tokens.ts";
import { readExpression } from "./expression.ts";
import type { Expression } from "./expression.ts";
import { isNear } from "./number.ts";

/** One claimed calculation, computed again. */
export interface Calculation {
  readonly operands: readonly number[];
  /** What the text says comes out. */
  readonly claimed: number;
  /** What does come out. */
  readonly computed: number;
  /** `rounded`: right to the digits written, though not exactly. */
  readonly result: "exact" | "rounded" | "wrong";
}

/** All calculations of a text, in reading order; a step written both in prose and as `<<...>>` counts once. */
export function findCalculations(text: string): readonly Calculation[] {
  return text.split("\n").flatMap(calculationsOfLine);
}

/** GSM8K's solutions annotate each step for a calculator: `9 * $2 = $<<9*2=18>>18` (Cobbe et al. 2021, arXiv:2110.14168). */
function calculationsOfLine(line: string): readonly Calculation[] {
  const annotated = [...line.matchAll(/<<([^<>]*)>>/g)].flatMap((match) => calculationsIn(readTokens(match[1] ?? "")));
  const prose = calculationsIn(readTokens(line.replaceAll(/<<[^<>]*(?:>>|$)/g, "")));
  return [...annotated, ...prose.filter((step) => !annotated.some((other) => isSameStep(step, other)))];
}

/** The annotation and the prose around it may differ in form ("20% of 50", "50*20/100"), never in what comes out. */
function isSameStep(one: Calculation, other: Calculation): boolean {
  return isNear(one.claimed, other.claimed) && isNear(one.computed, other.computed);
}

function calculationsIn(tokens: readonly ArithmeticToken[]): readonly Calculation[] {
  return tokens.flatMap((token, index) => {
    const calculation = token.type === "equals" ? calculationAround(tokens, index) : undefined;
    return calculation === undefined ? [] : [calculation];
  });
}

/** The calculation whose equals sign stands at an index; undefined for an equation or a plain assignment. */
function calculationAround(tokens: readonly ArithmeticToken[], equals: number): Calculation | undefined {
  const left = expressionBefore(tokens, equals);
  const right = readExpression(tokens, equals + 1);
  if (left === undefined || left.operatorCount === 0 || right === undefined) return undefined;
  if (tokens[right.end]?.type === "operator") return undefined;
  const operands = left.operands.map((operand) => operand.value);
  // "16 + 20 = 36 / 3 = 12" goes on from its result: only the first number after the sign is claimed.
  const first = right.operands[0];
  if (first !== undefined && right.operatorCount > 0 && isNear(first.value, left.value)) {
    return { operands, claimed: first.value, computed: left.value, result: "exact" };
  }
  return {
    operands,
    claimed: right.value,
    computed: left.value,
    result: compare(left.value, right.value, right.operands),
  };
}

/** How far to the left of an equals sign an expression is looked for. */
const longestSide = 60;

/** The longest expression that ends right before an equals sign. */
function expressionBefore(tokens: readonly ArithmeticToken[], equals: number): Expression | undefined {
  let earliest = equals;
  while (earliest > 0 && equals - earliest < longestSide && !endsSide(tokens[earliest - 1])) earliest -= 1;
  for (let start = earliest; start < equals; start += 1) {
    const token = tokens[start];
    if (token?.type !== "number" && token?.type !== "open") continue;
    // After an operator whose left side is unknown ("x + 4 = ..."), no expression begins.
    if (tokens[start - 1]?.type === "operator") continue;
    const expression = readExpression(tokens, start);
    if (expression?.end === equals) return expression;
  }
  return undefined;
}

function endsSide(token: ArithmeticToken | undefined): boolean {
  return token?.type === "equals" || token?.type === "break";
}

/** Right, as one may write it: as a percentage, or in dozens. */
const scales = [1, 100, 1 / 100, 12, 1 / 12] as const;

function compare(computed: number, claimed: number, written: readonly NumberToken[]): Calculation["result"] {
  if (scales.some((scale) => isNear(computed * scale, claimed))) return "exact";
  const decimals = Math.min(...written.map((operand) => operand.decimals));
  // Whole numbers may be rounded up or down ("7.3 boxes, so 8"); written decimals only to the nearest.
  const slack = decimals === 0 ? 1 : 10 ** -decimals * 0.51;
  return scales.slice(0, 3).some((scale) => Math.abs(computed * scale - claimed) < slack) ? "rounded" : "wrong";
}
