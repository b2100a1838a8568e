/** `== != === !== < <= > >=`. Two texts compare as texts, everything else as numbers; what is neither never compares. */
import type { Expression, Operator, OperatorTable, Run } from "./expression.ts";
import { compileArguments, isConstant, literal, nullExpression } from "./expression.ts";
import { isRecord, looselyEqual, toNumber } from "./values.ts";

type Test = (a: unknown, b: unknown) => boolean;

const strictlyEqual: Test = (a, b) => (a ?? null) === (b ?? null);
const isLess: Test = (a, b) => (typeof a === "string" && typeof b === "string" ? a < b : toNumber(a) < toNumber(b));
const isAtMost: Test = (a, b) => (typeof a === "string" && typeof b === "string" ? a <= b : toNumber(a) <= toNumber(b));

/** Holds when the test holds for every neighbouring pair: `{"<": [1, {"var": "age"}, 18]}` means between. */
function comparison(test: Test): Operator {
  return (unit, args, place) => {
    const operands = compileArguments(unit, args, place);
    const [left, right] = operands;
    if (left === undefined || right === undefined) {
      unit.warn(place, "A comparison needs two operands.", "Add the missing operand.");
      return nullExpression;
    }
    if (operands.every(isConstant)) return literal(chain(test, operands.map(({ run }) => run))(null, 0));
    if (operands.length > 2) return { run: chain(test, operands.map(({ run }) => run)) };
    return { run: (data, nowMs) => test(left.run(data, nowMs), right.run(data, nowMs)) };
  };
}

function chain(test: Test, runs: readonly Run[]): Run {
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

/** Equality with a known text is the commonest rule of all, so it reads the attribute itself. */
function equality(test: Test, wanted: boolean): Operator {
  const general = comparison((a, b) => test(a, b) === wanted);
  return (unit, args, place) => {
    if (!Array.isArray(args) || args.length !== 2) return general(unit, args, place);
    const [left, right] = compileArguments(unit, args, place);
    const text = textOperand(left) ?? textOperand(right);
    const name = left?.attribute ?? right?.attribute;
    if (text === undefined || name === undefined) return general(unit, args, place);
    return {
      run: (data) => {
        const value = isRecord(data) ? data[name] : undefined;
        return (typeof value === "string" ? value === text : test(value, text)) === wanted;
      },
    };
  };
}

function textOperand(expression: Expression | undefined): string | undefined {
  const value = expression?.constant?.value;
  return typeof value === "string" ? value : undefined;
}

export const comparisonOperators: OperatorTable = {
  "==": equality(looselyEqual, true),
  "!=": equality(looselyEqual, false),
  "===": equality(strictlyEqual, true),
  "!==": equality(strictlyEqual, false),
  "<": comparison(isLess),
  "<=": comparison(isAtMost),
  ">": comparison((a, b) => isLess(b, a)),
  ">=": comparison((a, b) => isAtMost(b, a)),
};
