/** `in merge map filter reduce all some none`. What is no list is taken as an empty one. */
import { spend } from "./allowance.ts";
import type { Expression, Operator, OperatorTable, Place, Run, TargetingUnit } from "./expression.ts";
import { binary, compileArguments, literal, nullExpression, valuesOperator } from "./expression.ts";
import { isList, isRecord, isTruthy, toText } from "./values.ts";

/** From this many entries a list is searched as a Set. */
const setFrom = 5;

function isIn(item: unknown, list: unknown): boolean {
  if (isList(list)) return list.includes(item);
  return typeof list === "string" && item !== null && item !== undefined && list.includes(toText(item));
}

const membership: Operator = (unit, args, place) => {
  const [item, list] = compileArguments(unit, args, place);
  if (item === undefined || list === undefined) return unit.warn(place, "wrong-arguments");
  const known = list.constant?.value;
  if (item.constant !== undefined && list.constant !== undefined) return literal(isIn(item.constant.value, known));
  return isList(known) ? amongKnown(item, known) : binary(isIn, item.run, list.run);
};

function amongKnown({ attribute, run }: Expression, known: readonly unknown[]): Expression {
  const entries = known.length < setFrom ? { has: (value: unknown) => known.includes(value) } : new Set(known);
  return attribute === undefined ? valueIn(entries, run) : attributeIn(entries, attribute);
}

interface Entries {
  has(value: unknown): boolean;
}

function valueIn(entries: Entries, run: Run): Expression {
  return { run: (data, nowMs) => entries.has(run(data, nowMs)) };
}

function attributeIn(entries: Entries, attribute: string): Expression {
  return { run: (data) => entries.has((isRecord(data) ? data[attribute] : null) ?? null) };
}

function merge(values: readonly unknown[]): unknown[] {
  const merged: unknown[] = [];
  for (const value of values) {
    spend(isList(value) ? value.length : 1);
    if (isList(value)) for (const element of value) merged.push(element);
    else merged.push(value);
  }
  return merged;
}

/** An operator over the elements of a list, with a body in which `var` reads the element. */
function iteration(
  empty: unknown,
  walk: (list: readonly unknown[], body: (item: unknown) => unknown) => unknown,
): Operator {
  return (unit, args, place) => {
    const list = listArgument(unit, args, place);
    if (list === undefined) return nullExpression;
    const body = bodyArgument(unit, args, place);
    return {
      run: (data, nowMs) => {
        const items = list(data, nowMs);
        if (!isList(items) || items.length === 0) return empty;
        return walk(items, (item) => {
          spend(1);
          return body(item, nowMs) ?? null;
        });
      },
    };
  };
}

/** The body sees `{current, accumulator}`; the accumulator starts as the third argument, or as the first element. */
const reduction: Operator = (unit, args, place) => {
  const list = listArgument(unit, args, place);
  if (list === undefined) return nullExpression;
  const body = bodyArgument(unit, args, place);
  const start = isList(args) && args.length > 2 ? unit.expression(args[2], place, 2).run : undefined;
  return {
    run: (data, nowMs) => {
      const items = list(data, nowMs);
      if (!isList(items) || items.length === 0) return start?.(data, nowMs) ?? null;
      const step = (accumulator: unknown, current: unknown): unknown => {
        spend(1);
        return body({ current, accumulator }, nowMs) ?? null;
      };
      return start === undefined ? items.reduce(step) : items.reduce(step, start(data, nowMs));
    },
  };
};

function listArgument(unit: TargetingUnit, args: unknown, place: Place): Run | undefined {
  if (!isList(args) || args.length < 2) {
    unit.warn(place, "wrong-arguments");
    return undefined;
  }
  unit.isIterating = true;
  return unit.expression(args[0], place, 0).run;
}

function bodyArgument(unit: TargetingUnit, args: unknown, place: Place): Run {
  return unit.expression(isList(args) ? args[1] : null, place.body(1)).run;
}

const mergeValues = valuesOperator(merge);

export const listOperators: OperatorTable = {
  in: membership,
  merge: (unit, args, place) => {
    unit.isIterating = true;
    return mergeValues(unit, args, place);
  },
  map: iteration([], (list, body) => list.map(body)),
  filter: iteration([], (list, body) => list.filter((item) => isTruthy(body(item)))),
  all: iteration(false, (list, body) => list.every((item) => isTruthy(body(item)))),
  some: iteration(false, (list, body) => list.some((item) => isTruthy(body(item)))),
  none: iteration(true, (list, body) => !list.some((item) => isTruthy(body(item)))),
  reduce: reduction,
};
