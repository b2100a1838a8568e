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
import { isList, isRecord } from "./values.ts";
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
  readonly #references: string[] = [];
  #nodes = 0;

  constructor(set: SetUnit, flagKey: string, trace?: Trace) {
    this.#set = set;
    this.flagKey = flagKey;
    this.bucketing = set.bucketing;
    this.trace = trace;
  }

  expression(logic: unknown, place: Place): Expression {
    if (!this.admit(place, 1)) return nullExpression;
    if (isList(logic)) return this.#list(logic, place);
    if (!isRecord(logic)) return this.#primitive(logic, place);
    const reading = this.read(logic, place);
    if (reading === undefined) return nullExpression;
    if (reading.kind === "empty") return literal({});
    if (reading.kind === "operator") return reading.operator(this, reading.args, reading.place);
    return this.inReference(reading.name, () => this.expression(reading.logic, reading.place)) ?? nullExpression;
  }

  /** What an object in targeting is: an operator with its arguments, a reference with what it stands for, or nothing. */
  read(logic: Readonly<Record<string, unknown>>, place: Place): Reading | undefined {
    const names = Object.keys(logic);
    const name = names[0];
    if (name === undefined) return { kind: "empty" };
    const args = logic[name];
    const inside = new Place(place, name, place.depth + 1, place.isContext);
    if (names.length > 1) {
      return this.#cannotRead(place, "several-operators", undefined, ...names.slice(0, 10));
    }
    if (name === "$ref") return this.#reference(args, inside);
    const operator = operators.get(name);
    if (operator !== undefined) return { kind: "operator", name, operator, args, place: inside };
    return this.#cannotRead(place, "unknown-operator", name);
  }

  /** Compiles what a reference stands for, unless that refers to itself. */
  inReference<T>(name: string, compile: () => T): T | undefined {
    this.#references.push(name);
    const compiled = compile();
    this.#references.pop();
    return compiled;
  }

  /** Whether `count` more nodes are allowed here. */
  admit(place: Place, count: number): boolean {
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

  markTimed(): void {
    this.isTimed = true;
  }

  markIterating(): void {
    this.isIterating = true;
  }

  #list(logic: readonly unknown[], place: Place): Expression {
    if (!logic.some((element) => typeof element === "object" && element !== null)) {
      return this.admit(place, logic.length) ? literal([...logic]) : nullExpression;
    }
    const elements = logic.map((element, index) =>
      this.expression(element, new Place(place, index, place.depth + 1, place.isContext)),
    );
    if (elements.every(isConstant)) return literal(elements.map((element) => element.constant?.value));
    const runs = elements.map(({ run }) => run);
    return { run: (data, nowMs) => runs.map((run) => run(data, nowMs)) };
  }

  #primitive(logic: unknown, place: Place): Expression {
    if (logic === null || logic === undefined) return nullExpression;
    if (typeof logic === "string" || typeof logic === "boolean" || typeof logic === "number") return literal(logic);
    return this.refuse(place, "not-json", typeof logic);
  }

  #reference(name: unknown, place: Place): Reading | undefined {
    const logic = typeof name === "string" ? this.#set.evaluators.get(name) : undefined;
    if (typeof name !== "string" || logic === undefined) return this.#cannotRead(place, "unknown-evaluator", name);
    const target = new Place("/$evaluators", name, place.depth, place.isContext);
    if (this.#references.includes(name)) {
      this.refuse(target, "circle", ...this.#references.slice(this.#references.indexOf(name)), name);
      return undefined;
    }
    return { kind: "reference", name, logic, place: target };
  }

  #cannotRead(place: Place, code: FaultCode, value?: unknown, ...details: readonly string[]): undefined {
    this.warn(place, code, value, ...details);
    this.parseError ??= `${code} at ${place.pointer}`;
    return undefined;
  }
}

export type Reading =
  | { readonly kind: "empty" }
  | {
      readonly kind: "operator";
      readonly name: string;
      readonly operator: Operator;
      readonly args: unknown;
      readonly place: Place;
    }
  | { readonly kind: "reference"; readonly name: string; readonly logic: unknown; readonly place: Place };
