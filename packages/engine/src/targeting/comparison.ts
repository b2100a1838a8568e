/** `== != === !== < <= > >=`. Two texts compare as texts, everything else as numbers; what is neither never compares. */
import type { Expression, Operator, OperatorTable, Run } from "./expression.ts";
import { binary, compileArguments, isConstant, literal } from "./expression.ts";
import { isRecord, looselyEqual, toNumber } from "./values.ts";

type Test = (a: unknown, b: unknown) => boolean;

const looselyDifferent: Test = (a, b) => !looselyEqual(a, b);
const strictlyEqual: Test = (a, b) => (a ?? null) === (b ?? null);
const strictlyDifferent: Test = (a, b) => !strictlyEqual(a, b);
/** The tests that two texts pass exactly when they are equal (true) or differ (false). */
const equalities: ReadonlyMap<Test, boolean> = new Map<Test, boolean>([
  [looselyEqual, true],
  [looselyDifferent, false],
  [strictlyEqual, true],
  [strictlyDifferent, false],
]);
const isLess: Test = (a, b) => (typeof a === "string" && typeof b === "string" ? a < b : toNumber(a) < toNumber(b));
const isAtMost: Test = (a, b) => (typeof a === "string" && typeof b === "string" ? a <= b : toNumber(a) <= toNumber(b));

/** Holds when the test holds for every neighbouring pair: `{"<": [1, {"var": "age"}, 18]}` means between. */
function comparison(test: Test): Operator {
  const flipped: Test = equalities.has(test) ? test : (a, b) => test(b, a);
  return (unit, args, place) => {
    const operands = compileArguments(unit, args, place);
    const left = operands[0];
    const right = operands[1];
    if (left === undefined || right === undefined) return unit.warn(place, "wrong-arguments");
    if (operands.every(isConstant)) return literal(chain(test, operands)(null, 0));
    if (operands.length > 2) return { run: chain(test, operands) };
    return withKnown(test, left, right) ?? withKnown(flipped, right, left) ?? binary(test, left.run, right.run);
  };
}

function chain(test: Test, operands: readonly Expression[]): Run {
  const runs = operands.map(({ run }) => run);
  return (data, nowMs) => {
    let left = runs[0]?.(data, nowMs);
    for (let i = 1; i < runs.length; i += 1) {
      const right = runs[i]?.(data, nowMs);
      if (!test(left, right)) return false;
      left = right;
    }
    return true;
  };
}

/** An attribute against a known value is the commonest rule of all, so that reads the attribute itself. */
function withKnown(test: Test, { attribute }: Expression, { constant }: Expression): Expression | undefined {
  if (attribute === undefined || constant === undefined) return undefined;
  const { value: known } = constant;
  const isEquality = equalities.get(test);
  if (typeof known !== "string" || isEquality === undefined) {
    return { run: (data) => test(isRecord(data) ? data[attribute] : null, known) };
  }
  return {
    run: (data) => {
      const value = isRecord(data) ? data[attribute] : null;
      return typeof value === "string" ? (value === known) === isEquality : test(value, known);
    },
  };
}

export const comparisonOperators: OperatorTable = {
  "==": comparison(looselyEqual),
  "!=": comparison(looselyDifferent),
  "===": comparison(strictlyEqual),
  "!==": comparison(strictlyDifferent),
  "<": comparison(isLess),
  "<=": comparison(isAtMost),
  ">": comparison((a, b) => isLess(b, a)),
  ">=": comparison((a, b) => isAtMost(b, a)),
};
