/** Compiles the targeting of one flag: finds each operator, follows `$ref`, and keeps within the limits. */
import type { BucketingRule } from "../bucketing/bucketing-rule.ts";
import type { FaultCode, FaultList } from "../fault.ts";
import { limits } from "../limits.ts";
import { arithmeticOperators } from "./arithmetic.ts";
import { comparisonOperators } from "./comparison.ts";
import type { Expression, Operator, OperatorTable, TargetingUnit, Trace } from "./expression.ts";
import { isConstant, literal, nullExpression, Place } from "./expression.ts";
import { fractionalOperators } from "./fractional.ts";
import { listOperators } from "./lists.ts";
import { logicOperators } from "./logic.ts";
import { semVerOperators } from "./sem-ver.ts";
import { textOperators } from "./text.ts";
import { isList, isObject, isPlain, isRecord } from "./values.ts";
import { variableOperators } from "./variables.ts";

const tables: readonly OperatorTable[] = [
  variableOperators,
  logicOperators,
  comparisonOperators,
  arithmeticOperators,
  textOperators,
  listOperators,
  semVerOperators,
  fractionalOperators,
];
const operators: ReadonlyMap<string, Operator> = new Map(tables.flatMap((table) => Object.entries(table)));

/** What names no variant and holds in no condition, whoever asks. */
const nothing: readonly unknown[] = [null, Number.NaN];

/** An object without members stands for itself. */
export const emptyObject: Operator = () => literal({});

/** What an evaluator is that is no object. */
const plainValue: Operator = (unit, args, place) => unit.expression(args, place);

/** An object of targeting, taken apart. */
export interface Operation {
  readonly operator: Operator;
  readonly args: unknown;
  /** Where the arguments stand. */
  readonly place: Place;
}

/** What the flags of one set share while they are compiled. */
export interface SetUnit {
  readonly bucketing: BucketingRule;
  readonly evaluators: ReadonlyMap<string, unknown>;
  /** Refuse the set. */
  readonly faults: FaultList;
  /** Do not refuse it: flagd loads it too, but it cannot mean what its author wanted. */
  readonly warnings: FaultList;
  /** Nodes compiled so far, over all flags. */
  nodes: number;
}

export class FlagUnit implements TargetingUnit {
  readonly flagKey: string;
  readonly bucketing: BucketingRule;
  readonly trace: Trace | undefined;
  isTimed = false;
  isIterating = false;
  /** Set when the targeting cannot be read: the flag then answers PARSE_ERROR, as in flagd. */
  parseError: string | undefined;
  readonly #set: SetUnit;
  #nodes = 0;

  constructor(set: SetUnit, flagKey: string, trace?: Trace) {
    this.#set = set;
    this.flagKey = flagKey;
    this.bucketing = set.bucketing;
    this.trace = trace;
  }

  expression(logic: unknown, at: Place, index?: number): Expression {
    if (!this.admit(at) || logic === null || logic === undefined) return nullExpression;
    // Most are plain values, whose place nobody ever asks for.
    if (isPlain(logic)) return literal(logic);
    const place = index === undefined ? at : at.argument(index);
    if (!isRecord(logic)) return this.refuse(place, "not-json", typeof logic);
    if (isList(logic)) return this.#list(logic, place);
    const operation = this.operation(logic, place);
    const expression = operation?.operator(this, operation.args, operation.place) ?? nullExpression;
    // Who has warned already answers the one expression of null itself.
    if (expression !== nullExpression && nothing.includes(expression.constant?.value))
      this.warn(place, "gives-nothing");
    return expression;
  }

  /** Takes an object of targeting apart; one that refers to an evaluator is what it refers to. */
  operation(logic: Readonly<Record<string, unknown>>, place: Place): Operation | undefined {
    const names = Object.keys(logic);
    const name = names[0];
    if (name === undefined) return { operator: emptyObject, args: undefined, place };
    if (names.length > 1) return this.#cannotRead(place, "several-operators", undefined, ...names.slice(0, 10));
    const args = logic[name];
    const inside = place.inside(name);
    if (name === "$ref") return this.#referred(args, inside);
    const operator = operators.get(name);
    return operator === undefined
      ? this.#cannotRead(place, "unknown-operator", name)
      : { operator, args, place: inside };
  }

  /** Whether `count` more nodes are allowed at a place. */
  admit(place: Place, count = 1): boolean {
    this.#nodes += count;
    this.#set.nodes += count;
    if (place.depth > limits.depth) this.refuse(place, "too-deep");
    else if (this.#nodes > limits.nodesPerFlag) this.refuse(new Place("/flags", this.flagKey), "flag-too-large");
    else if (this.#set.nodes > limits.nodes) this.refuse({ pointer: "" }, "set-too-large");
    else return true;
    return false;
  }

  warn(place: Place, code: FaultCode, value?: unknown, ...details: readonly (string | number)[]): Expression {
    this.#set.warnings.add(place.pointer, code, value, ...details);
    return nullExpression;
  }

  refuse({ pointer }: Pick<Place, "pointer">, code: FaultCode, ...details: readonly (string | number)[]): Expression {
    this.#set.faults.add(pointer, code, undefined, ...details);
    return nullExpression;
  }

  #list(logic: readonly unknown[], place: Place): Expression {
    if (!logic.some(isRecord)) return this.admit(place, logic.length) ? literal([...logic]) : nullExpression;
    const elements = logic.map((element, index) => this.expression(element, place.inside(String(index))));
    if (elements.every(isConstant)) return literal(elements.map((element) => element.constant?.value));
    const runs = elements.map(({ run }) => run);
    return { run: (data, nowMs) => runs.map((run) => run(data, nowMs)) };
  }

  #referred(name: unknown, place: Place): Operation | undefined {
    const logic = typeof name === "string" ? this.#set.evaluators.get(name) : undefined;
    if (typeof name !== "string" || logic === undefined) return this.#cannotRead(place, "unknown-evaluator", name);
    const target = place.evaluator(name);
    const before = place.references.indexOf(name);
    if (before >= 0) {
      this.refuse(target, "circle", ...target.references.slice(before));
      return undefined;
    }
    if (!isObject(logic)) return { operator: plainValue, args: logic, place: target };
    return this.admit(target) ? this.operation(logic, target) : undefined;
  }

  #cannotRead(place: Place, code: FaultCode, value?: unknown, ...details: readonly string[]): undefined {
    this.warn(place, code, value, ...details);
    this.parseError ??= `${code} at ${place.pointer}`;
    return undefined;
  }
}
