/**
 * What targeting is compiled to: closures over closures, made once when a set is loaded. An operator is a function
 * that takes its arguments as they stand in the file and returns the expression they become.
 */
import type { BucketingRule } from "../bucketing/bucketing-rule.ts";
import { pointerTo, type FaultCode } from "../fault.ts";
import { isList } from "./values.ts";

/**
 * Gives a value for `data`: the evaluation context, or inside `map`, `filter`, `reduce`, `all`, `some` and `none` the
 * element at hand. Operators that cannot answer give null, which no variant is named by; they never throw.
 */
export type Run = (data: unknown, nowMs: number) => unknown;

export interface Expression {
  /** Gives the value. Take it once, when compiling: some expressions make it on demand. */
  readonly run: Run;
  /** Set when the value is known at load. */
  readonly constant?: Literal;
  /** Set when this is nothing but one attribute of `data`, so that an operator can read it without a call. */
  readonly attribute?: string;
}

interface Surroundings {
  /** Operators around. */
  readonly depth: number;
  /** Whether `data` is the context there, and no element of a list. */
  readonly isContext: boolean;
  /** Evaluators through which one comes there. */
  readonly references: readonly string[];
}

const top: Surroundings = { depth: 0, isContext: true, references: [] };

/**
 * Where in the file an expression stands. A set has tens of thousands of places and is told of few, so the pointer is
 * put together when it is asked for.
 */
export class Place implements Surroundings {
  readonly depth: number;
  readonly isContext: boolean;
  readonly references: readonly string[];
  readonly #outer: Place | string;
  readonly #member: string | number;

  constructor(outer: Place | string, member: string | number, surroundings: Surroundings = top) {
    this.#outer = outer;
    this.#member = member;
    this.depth = surroundings.depth;
    this.isContext = surroundings.isContext;
    this.references = surroundings.references;
  }

  /** The place of the arguments of the operator that stands here. */
  inside(operator: string): Place {
    const { depth, isContext, references } = this;
    return new Place(this, operator, { depth: depth + 1, isContext, references });
  }

  /** The place of an argument of the operator that stands here. */
  argument(index: number): Place {
    return new Place(this, index, this);
  }

  /** The place of an argument that sees the elements of a list. */
  body(index: number): Place {
    const { depth, references } = this;
    return new Place(this, index, { depth, isContext: false, references });
  }

  /** The place of the evaluator that is referred to here. */
  evaluator(name: string): Place {
    const { depth, isContext, references } = this;
    return new Place("/$evaluators", name, { depth, isContext, references: [...references, name] });
  }

  get pointer(): string {
    return pointerTo(typeof this.#outer === "string" ? this.#outer : this.#outer.pointer, this.#member);
  }
}

/** What an operator may ask of the flag it is compiled for. */
export interface TargetingUnit {
  readonly flagKey: string;
  readonly bucketing: BucketingRule;
  readonly trace: Trace | undefined;
  /** Set when the answer depends on the time. */
  isTimed: boolean;
  /** Set when the answer walks lists, so that an evaluation must be kept from walking for ever. */
  isIterating: boolean;
  /** Compiles what stands at `place`, or at the entry `index` of what stands there. */
  expression(logic: unknown, place: Place, index?: number): Expression;
  /** Notes what can only ever give null, so that its author learns of it; gives null. */
  warn(place: Place, code: FaultCode, value?: unknown, ...details: readonly (string | number)[]): Expression;
  /** Notes what no set may contain; gives null. */
  refuse(place: Pick<Place, "pointer">, code: FaultCode, ...details: readonly (string | number)[]): Expression;
}

export type Operator = (unit: TargetingUnit, args: unknown, place: Place) => Expression;
export type OperatorTable = Readonly<Record<string, Operator>>;

/** Where `explain` listens; undefined in what `evaluate` runs. */
export interface Trace {
  /** Targeting has given nothing, so the strategy or the default variant answers. */
  fallback(): void;
  condition(pointer: string, holds: boolean): void;
  split(pointer: string, split: SplitTrace): void;
}

export interface SplitTrace {
  /** The key that was hashed, without the flag key before it. */
  readonly key: string;
  readonly bucket: number;
  readonly ends: readonly number[];
  /** Index of the arm; -1 when the bucket lies past the last arm, which only flagd-v1 can bring about. */
  readonly arm: number;
}

/** A value known at load. Most are only ever looked at, so what gives them is made when it is asked for. */
export class Literal implements Expression {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }

  get constant(): Literal {
    return this;
  }

  get run(): Run {
    const { value } = this;
    return () => value;
  }
}

export function literal(value: unknown): Literal {
  return new Literal(value);
}

export const nullExpression: Literal = literal(null);

/** Compiles the arguments of an operator; a single one may stand without its brackets. */
export function compileArguments(unit: TargetingUnit, args: unknown, place: Place): readonly Expression[] {
  if (!isList(args)) return [unit.expression(args, place)];
  return args.map((arg: unknown, index) => unit.expression(arg, place, index));
}

/**
 * An operator that needs the values of all its arguments. Written without brackets, an argument that turns out to be
 * a list stands for all of them: `{"max": {"var": "scores"}}`.
 */
export function valuesOperator(apply: (values: readonly unknown[]) => unknown): Operator {
  return (unit, args, place) => {
    const expressions = compileArguments(unit, args, place);
    const [only] = expressions;
    const isSpread = !isList(args) && only !== undefined;
    if (expressions.every(isConstant)) {
      const values = expressions.map((expression) => expression.constant?.value);
      return folded(apply, isSpread && isList(values[0]) ? values[0] : values);
    }
    if (isSpread) {
      const { run } = only;
      return {
        run: (data, nowMs) => {
          const value = run(data, nowMs);
          return apply(isList(value) ? value : [value]);
        },
      };
    }
    const runs = expressions.map((expression) => expression.run);
    return { run: (data, nowMs) => apply(runs.map((run) => run(data, nowMs))) };
  };
}

/** An operator that needs the values of both its arguments. */
export function binary(apply: (a: unknown, b: unknown) => unknown, left: Run, right: Run): Expression {
  return { run: (data, nowMs) => apply(left(data, nowMs), right(data, nowMs)) };
}

/** Applies an operator at load; one that exceeds what an evaluation may compute is left to fail there. */
function folded(apply: (values: readonly unknown[]) => unknown, values: readonly unknown[]): Expression {
  try {
    return literal(apply(values));
  } catch {
    return { run: () => apply(values) };
  }
}

export function isConstant(expression: Expression): boolean {
  return expression.constant !== undefined;
}
