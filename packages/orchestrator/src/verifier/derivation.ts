/**
 * How an answer gets from the quantities of the question to its final number. A derivation that leaves quantities or
 * results of its own unused, or uses one of them several times, is more often wrong than one that uses each once.
 */
import type { Calculation } from "./calculation.ts";
import { isNear, isNearOrPercent } from "./number.ts";
import { standsFor, type Quantity } from "./quantity.ts";

/** What a derivation does with what it has. Counts. */
export interface Derivation {
  /** Quantities in digits that no calculation and no sentence of the answer takes up. */
  readonly unmentionedQuantities: number;
  /** Operands that take a quantity of the question beyond the times it is stated. */
  readonly reusedQuantities: number;
  /** Operands that take an earlier result a second time. */
  readonly reusedResults: number;
  /** Results that neither a later calculation nor the final answer takes up. */
  readonly unusedResults: number;
  /** Results with a fraction although every operand is whole. */
  readonly fractionalResults: number;
  /** Whether the final answer is the result of a calculation. */
  readonly isFinalDerived: boolean;
}

interface Source {
  readonly matches: (operand: number) => boolean;
  uses: number;
}

/** Follows the calculations of an answer. `mentioned` are all numbers its text names. */
export function traceDerivation(
  quantities: readonly Quantity[],
  calculations: readonly Calculation[],
  final: number | undefined,
  mentioned: readonly number[],
): Derivation {
  const stated: Source[] = quantities.map((quantity) => ({
    matches: (operand) => standsFor(quantity, operand),
    uses: 0,
  }));
  const results: Source[] = [];
  let reusedQuantities = 0;
  let reusedResults = 0;
  for (const calculation of calculations) {
    for (const operand of calculation.operands) {
      const matching = (source: Source): boolean => source.matches(operand);
      const unused = (source: Source): boolean => source.uses === 0 && source.matches(operand);
      const fresh = results.find(unused) ?? stated.find(unused);
      const source = fresh ?? results.find(matching) ?? stated.find(matching);
      if (source === undefined) continue;
      if (fresh === undefined && results.includes(source)) reusedResults += 1;
      else if (fresh === undefined) reusedQuantities += 1;
      source.uses += 1;
    }
    const { claimed } = calculation;
    results.push({ matches: (operand) => isNear(claimed, operand), uses: 0 });
  }

  const operands = calculations.flatMap((calculation) => calculation.operands);
  const isTakenUp = (quantity: Quantity): boolean =>
    [...operands, ...mentioned].some((operand) => standsFor(quantity, operand));
  const isFinal = (claimed: number): boolean =>
    final !== undefined && (isNear(claimed, final) || isNear(claimed * 100, final));
  const isUnused = (calculation: Calculation, index: number): boolean =>
    !isFinal(calculation.claimed) &&
    calculations.findIndex((other) => other.claimed === calculation.claimed) === index &&
    !calculations
      .slice(index + 1)
      .some((later) => later.operands.some((operand) => isNearOrPercent(operand, calculation.claimed)));
  return {
    unmentionedQuantities: quantities.filter((quantity) => quantity.isInDigits && !isTakenUp(quantity)).length,
    reusedQuantities,
    reusedResults,
    unusedResults: calculations.filter(isUnused).length,
    fractionalResults: calculations.filter(isFractional).length,
    isFinalDerived: calculations.some((calculation) => isFinal(calculation.claimed)),
  };
}

function isFractional(calculation: Calculation): boolean {
  return !Number.isInteger(calculation.claimed) && calculation.operands.every(Number.isInteger);
}
