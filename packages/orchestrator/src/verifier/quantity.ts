/**
 * Reads the quantities a question states, in digits ("$1,200", "20%", "2/3") or in words ("twice", "a dozen"), each with
 * the forms in which it may turn up in a calculation: 20 % as 0.2, 20, 0.8, 80, 1.2 or 120.
 */
import { readTokens } from "./arithmetic-tokens.ts";
import type { ArithmeticToken } from "./arithmetic-tokens.ts";
import { isNear } from "./number.ts";

/** One quantity of a question. */
export interface Quantity {
  readonly value: number;
  /** Numbers that stand for it in a calculation. */
  readonly forms: readonly number[];
  /** Written in digits. Words are weaker evidence: "one" is often no number at all. */
  readonly isInDigits: boolean;
}

const wordValues: ReadonlyMap<string, number> = new Map([
  ["one", 1],
  ["two", 2],
  ["three", 3],
  ["four", 4],
  ["five", 5],
  ["six", 6],
  ["seven", 7],
  ["eight", 8],
  ["nine", 9],
  ["ten", 10],
  ["eleven", 11],
  ["twelve", 12],
  ["thirteen", 13],
  ["fourteen", 14],
  ["fifteen", 15],
  ["sixteen", 16],
  ["seventeen", 17],
  ["eighteen", 18],
  ["nineteen", 19],
  ["twenty", 20],
  ["thirty", 30],
  ["forty", 40],
  ["fifty", 50],
  ["sixty", 60],
  ["seventy", 70],
  ["eighty", 80],
  ["ninety", 90],
  ["hundred", 100],
  ["thousand", 1000],
  ["dozen", 12],
  ["dozens", 12],
  ["pair", 2],
  ["couple", 2],
  ["twice", 2],
  ["double", 2],
  ["doubled", 2],
  ["doubles", 2],
  ["thrice", 3],
  ["triple", 3],
  ["tripled", 3],
  ["half", 1 / 2],
  ["one-half", 1 / 2],
  ["one-third", 1 / 3],
  ["two-thirds", 2 / 3],
  ["quarter", 1 / 4],
  ["one-fourth", 1 / 4],
  ["one-quarter", 1 / 4],
  ["three-quarters", 3 / 4],
  ["three-fourths", 3 / 4],
]);

/** All quantities of a text, in reading order. */
export function readQuantities(text: string): readonly Quantity[] {
  const tokens = readTokens(text);
  const quantities: Quantity[] = [];
  for (let index = 0; index < tokens.length; index += 1) {
    const denominator = denominatorAfter(tokens, index);
    const quantity = readQuantity(tokens[index], denominator);
    if (quantity === undefined) continue;
    quantities.push(quantity);
    if (denominator !== undefined) index += 2;
  }
  return quantities;
}

/** Whether a number of a calculation may stand for a quantity; shares are often rounded ("33%", "0.67"). */
export function standsFor(quantity: Quantity, operand: number): boolean {
  return quantity.forms.some(
    (form) => isNear(form, operand) || (!Number.isInteger(form) && Math.abs(form - operand) < 0.005),
  );
}

function readQuantity(token: ArithmeticToken | undefined, denominator: number | undefined): Quantity | undefined {
  if (token?.type === "word") {
    const value = wordValues.get(token.word);
    if (value === undefined) return undefined;
    return { value, forms: value < 1 ? [value, 1 / value, 1 - value] : [value], isInDigits: false };
  }
  if (token?.type !== "number") return undefined;
  const { value } = token;
  if (denominator !== undefined) {
    const share = value / denominator;
    return { value: share, forms: [share, value, denominator, 1 - share], isInDigits: true };
  }
  if (token.isPercent) {
    return {
      value,
      forms: [value, value * 100, 1 - value, 1 + value, 100 - value * 100, 100 + value * 100],
      isInDigits: true,
    };
  }
  return { value, forms: [value, value / 100, value * 100], isInDigits: true };
}

function denominatorAfter(tokens: readonly ArithmeticToken[], index: number): number | undefined {
  const [token, slash, denominator] = tokens.slice(index, index + 3);
  if (token?.type !== "number" || denominator?.type !== "number" || denominator.value === 0) return undefined;
  return slash?.type === "operator" && slash.operator === "/" ? denominator.value : undefined;
}
