/**
 * Evaluates an arithmetic expression with units written into it ("84 tomatoes / 3 tomatoes/vine") by recursive descent
 * over tokens: sums of products of powers, with parentheses, unary minus, dozens, and "of" as a product after a
 * percentage or a fraction. It never executes text: it only adds, multiplies and raises numbers.
 */
import type { ArithmeticToken, NumberToken } from "./arithmetic-tokens.ts";

/** An evaluated expression. */
export interface Expression {
  readonly value: number;
  /** Every number in it, in order. */
  readonly operands: readonly NumberToken[];
  readonly operatorCount: number;
  /** Index of the first token that is no longer part of it. */
  readonly end: number;
}

/** Evaluates the longest expression that starts at `start`; undefined when none does or it has no finite value. */
export function readExpression(tokens: readonly ArithmeticToken[], start: number): Expression | undefined {
  const reader = new ExpressionReader(tokens, start);
  const value = reader.readSum();
  if (value === undefined || !Number.isFinite(value)) return undefined;
  return { value, operands: reader.operands, operatorCount: reader.operatorCount, end: reader.at };
}

/** Words that may stand between a number and the next operator: "2 hot dogs left over from Sunday * 3". */
const longestUnit = 6;
/** Deeper nesting than any prose has; a bound on recursion. */
const deepestNesting = 32;

class ExpressionReader {
  readonly #tokens: readonly ArithmeticToken[];
  readonly operands: NumberToken[] = [];
  operatorCount = 0;
  at: number;
  #depth = 0;

  constructor(tokens: readonly ArithmeticToken[], start: number) {
    this.#tokens = tokens;
    this.at = start;
  }

  readSum(): number | undefined {
    let sum = this.#readProduct();
    while (sum !== undefined) {
      const operator = this.#operatorHere();
      if (operator !== "+" && operator !== "-") break;
      const next = this.#readAfterOperator(() => this.#readProduct());
      if (next === undefined) break;
      sum = operator === "+" ? sum + next : sum - next;
    }
    return sum;
  }

  #readProduct(): number | undefined {
    let product = this.#readPower();
    while (product !== undefined) {
      const operator = this.#isOfHere() ? "*" : this.#operatorHere();
      if (operator !== "*" && operator !== "/") break;
      const next = this.#readAfterOperator(() => this.#readPower());
      if (next === undefined) break;
      product = operator === "*" ? product * next : product / next;
    }
    return product;
  }

  #readPower(): number | undefined {
    const base = this.#readSigned();
    if (base === undefined || this.#operatorHere() !== "^") return base;
    const exponent = this.#readAfterOperator(() => this.#readSigned());
    return exponent === undefined ? base : base ** exponent;
  }

  #readSigned(): number | undefined {
    if (this.#operatorHere() !== "-") return this.#readPrimary();
    this.at += 1;
    const value = this.#readPrimary();
    if (value === undefined) this.at -= 1;
    return value === undefined ? undefined : -value;
  }

  #readPrimary(): number | undefined {
    const token = this.#tokens[this.at];
    if (token?.type === "number") return token.isCoefficient ? undefined : this.#readNumber(token);
    return token?.type === "open" ? this.#readParenthesis() : undefined;
  }

  #readNumber(token: NumberToken): number {
    this.at += 1;
    const isDozens = /^dozens?$/.test(this.#wordAt(this.at) ?? "");
    if (isDozens) this.at += 1;
    const value = isDozens ? token.value * 12 : token.value;
    this.operands.push(isDozens ? { ...token, value } : token);
    if (!isDozens && this.#tokens[this.at]?.type === "open" && this.#endOfRemark(this.at) === undefined) {
      const factor = this.#readParenthesis();
      if (factor !== undefined) {
        this.operatorCount += 1;
        return value * factor;
      }
    }
    this.#skipUnit();
    return value;
  }

  #readParenthesis(): number | undefined {
    if (this.#depth >= deepestNesting) return undefined;
    const before = this.#mark();
    this.at += 1;
    this.#depth += 1;
    const value = this.readSum();
    this.#depth -= 1;
    if (value === undefined || this.#tokens[this.at]?.type !== "close") {
      this.#restore(before);
      return undefined;
    }
    this.at += 1;
    this.#skipUnit();
    return value;
  }

  /** Reads what an operator needs on its right; gives everything back when it is not there. */
  #readAfterOperator(read: () => number | undefined): number | undefined {
    const before = this.#mark();
    this.at += 1;
    this.operatorCount += 1;
    const value = read();
    if (value === undefined) this.#restore(before);
    return value;
  }

  /** Skips "eggs per day" or "(hot dogs Luke ate)" after a number, when an operator, a parenthesis or the end follows. */
  #skipUnit(): void {
    if (this.#isOfHere()) return;
    let end = this.at;
    // A single letter is a variable, not a unit.
    while (end - this.at < longestUnit && (this.#wordAt(end) ?? "").length > 1) end += 1;
    if (this.#tokens[end]?.type === "open") end = this.#endOfRemark(end) ?? end;
    const next = this.#tokens[end]?.type;
    if (next === undefined || next === "operator" || next === "close" || next === "equals") this.at = end;
  }

  /** Index after the parenthesis that closes a remark in words; undefined for one that calculates. */
  #endOfRemark(open: number): number | undefined {
    let words = 0;
    for (let index = open + 1; index - open < 16; index += 1) {
      const type = this.#tokens[index]?.type;
      if (type === "close") return words > 0 || this.#tokens[open - 1]?.type === "word" ? index + 1 : undefined;
      if (type === "word") words += 1;
      else if (type !== "number") return undefined;
    }
    return undefined;
  }

  /** Whether "of" stands here and means "times": after a percentage or a fraction. */
  #isOfHere(): boolean {
    if (this.#wordAt(this.at) !== "of") return false;
    const share = this.#tokens[this.at - 1];
    if (share?.type !== "number") return share?.type === "close";
    const sign = this.#tokens[this.at - 2];
    return share.isPercent || (sign?.type === "operator" && sign.operator === "/");
  }

  #operatorHere(): string | undefined {
    const token = this.#tokens[this.at];
    return token?.type === "operator" ? token.operator : undefined;
  }

  #wordAt(index: number): string | undefined {
    const token = this.#tokens[index];
    return token?.type === "word" ? token.word : undefined;
  }

  #mark(): { at: number; operands: number; operatorCount: number } {
    return { at: this.at, operands: this.operands.length, operatorCount: this.operatorCount };
  }

  #restore(mark: { at: number; operands: number; operatorCount: number }): void {
    this.at = mark.at;
    this.operands.length = mark.operands;
    this.operatorCount = mark.operatorCount;
  }
}
