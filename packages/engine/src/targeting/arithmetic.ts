/**
 * `+ - * / % min max`. What is no number makes the result NaN: it compares with nothing, counts as false and names no
 * variant. So does dividing by zero.
 */
import type { OperatorTable } from "./expression.ts";
import { valuesOperator } from "./expression.ts";
import { toNumber } from "./values.ts";

type Fold = (a: number, b: number) => number;

const divide: Fold = (a, b) => (b === 0 ? Number.NaN : a / b);

function fold(values: readonly unknown[], step: Fold): number {
  if (values.length === 0) return Number.NaN;
  return values.slice(1).reduce((result: number, value) => step(result, toNumber(value)), toNumber(values[0]));
}

function extreme(values: readonly unknown[], choose: (...numbers: number[]) => number): number {
  const isAllNumbers = values.length > 0 && values.every((value) => typeof value === "number");
  return isAllNumbers ? choose(...values.map(toNumber)) : Number.NaN;
}

export const arithmeticOperators: OperatorTable = {
  "+": valuesOperator((values) => values.reduce((sum: number, value) => sum + toNumber(value), 0)),
  "*": valuesOperator((values) => values.reduce((product: number, value) => product * toNumber(value), 1)),
  "-": valuesOperator((values) => (values.length === 1 ? -toNumber(values[0]) : fold(values, (a, b) => a - b))),
  "/": valuesOperator((values) => (values.length === 1 ? divide(1, toNumber(values[0])) : fold(values, divide))),
  "%": valuesOperator((values) => (values.length < 2 ? Number.NaN : fold(values, (a, b) => a % b))),
  max: valuesOperator((values) => extreme(values, Math.max)),
  min: valuesOperator((values) => extreme(values, Math.min)),
};
