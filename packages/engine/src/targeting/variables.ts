/** `var`, `missing` and `missing_some`: reading the context, or the list element at hand. */
import type { Expression, Operator, OperatorTable, Place, Run, TargetingUnit } from "./expression.ts";
import { binary, compileArguments, literal, valuesOperator } from "./expression.ts";
import { isList, isRecord, toNumber, toText } from "./values.ts";

/** Names every object inherits; reading one of them must not find what the caller never put there. */
const inheritedNames: ReadonlySet<string> = new Set(Object.getOwnPropertyNames(Object.prototype));

/**
 * One member of `data`, null when there is none. Only `data`'s own members count for the names every object inherits;
 * for others inherited getters work too.
 */
export function readMember(data: unknown, name: string): unknown {
  if (!isRecord(data) || (inheritedNames.has(name) && !Object.hasOwn(data, name))) return null;
  return present(data[name]);
}

/** What a path such as `user.plan` or `items.0` leads to, null when it leads nowhere. */
function readPath(data: unknown, path: readonly string[]): unknown {
  let value = data;
  for (const name of path) value = readMember(value, name);
  return value;
}

function present(value: unknown): unknown {
  return value === undefined || typeof value === "function" ? null : value;
}

/** What the engine adds to a context, over anything the caller put there. */
function injected(flagKey: string, nowMs: number): { readonly flagKey: string; readonly timestamp: number } {
  return { flagKey, timestamp: timestamp(nowMs) };
}

/** `$flagd.timestamp`: unix time in whole seconds. */
export function timestamp(nowMs: number): number {
  return Math.floor(nowMs / 1_000);
}

const variable: Operator = (unit, args, place) => {
  const path: unknown = isList(args) ? args[0] : args;
  const fallback: unknown = isList(args) ? args[1] : undefined;
  const found = pathExpression(unit, path, place);
  return fallback === undefined || fallback === null ? found : orElse(found.run, unit.expression(fallback, place).run);
};

function orElse(run: Run, otherwise: Run): Expression {
  return { run: (data, nowMs) => run(data, nowMs) ?? otherwise(data, nowMs) };
}

function pathExpression(unit: TargetingUnit, path: unknown, place: Place): Expression {
  if (path === undefined || path === null || path === "") return wholeData(unit, place);
  if (typeof path === "string" || typeof path === "number") return staticPath(unit, String(path), place);
  if (!isRecord(path)) return unit.warn(place, "wrong-arguments", path);
  const name = unit.expression(path, place);
  if (name.constant !== undefined) return pathExpression(unit, toText(name.constant.value), place);
  return binary((data, found) => readPath(data, toText(found).split(".")), wholeData(unit, place).run, name.run);
}

/** Reads an attribute whose path is known at load. */
export function staticPath(unit: TargetingUnit, path: string, place: Place): Expression {
  if (place.isContext && path.startsWith("$flagd")) {
    const [first, ...rest] = path.split(".");
    if (first === "$flagd") return injectedPath(unit, rest, place);
  }
  return path.includes(".") || inheritedNames.has(path) ? memberAt(path.split(".")) : new Attribute(path);
}

function memberAt(path: readonly string[]): Expression {
  return { run: (data) => readPath(data, path) };
}

/** One attribute of the context. Operators read it themselves where they can, so its closure is made on demand. */
class Attribute implements Expression {
  readonly attribute: string;

  constructor(attribute: string) {
    this.attribute = attribute;
  }

  get run(): Run {
    const { attribute } = this;
    return (data) => (isRecord(data) ? present(data[attribute]) : null);
  }
}

function injectedPath(unit: TargetingUnit, names: readonly string[], place: Place): Expression {
  const { flagKey } = unit;
  const name = names.join(".");
  if (name === "flagKey") return literal(flagKey);
  if (name === "timestamp") {
    unit.isTimed = true;
    return { run: (_, nowMs) => timestamp(nowMs) };
  }
  if (name === "") {
    unit.isTimed = true;
    return { run: (_, nowMs) => injected(flagKey, nowMs) };
  }
  return unit.warn(place, "unknown-property", `$flagd.${name}`);
}

function wholeData(unit: TargetingUnit, place: Place): Expression {
  if (!place.isContext) return { run: (data) => present(data) };
  const { flagKey } = unit;
  unit.isTimed = true;
  return { run: (data, nowMs) => (isRecord(data) ? { ...data, $flagd: injected(flagKey, nowMs) } : null) };
}

/** The listed names that lead to nothing. Null and empty values are there; only what is absent is missing. */
function missingOf(data: unknown, names: readonly unknown[]): unknown[] {
  return names.flat().filter((name) => {
    const path = toText(name).split(".");
    const last = path.pop() ?? "";
    const parent = readPath(data, path);
    return (
      !isRecord(parent) || parent[last] === undefined || (inheritedNames.has(last) && !Object.hasOwn(parent, last))
    );
  });
}

const listOf = valuesOperator((values) => values);

const missing: Operator = (unit, args, place) => {
  const names = listOf(unit, args, place).run;
  const whole = wholeData(unit, place).run;
  return {
    run: (data, nowMs) => {
      const list = names(data, nowMs);
      return isList(list) ? missingOf(whole(data, nowMs), list) : null;
    },
  };
};

const missingSome: Operator = (unit, args, place) => {
  const [needed, names] = compileArguments(unit, args, place);
  if (needed === undefined || names === undefined) return unit.warn(place, "wrong-arguments");
  const whole = wholeData(unit, place).run;
  const [neededCount, listOfNames] = [needed.run, names.run];
  return {
    run: (data, nowMs) => {
      const list = listOfNames(data, nowMs);
      if (!isList(list)) return null;
      const absent = missingOf(whole(data, nowMs), list);
      return list.length - absent.length >= toNumber(neededCount(data, nowMs)) ? [] : absent;
    },
  };
};

export const variableOperators: OperatorTable = { var: variable, missing, missing_some: missingSome };
