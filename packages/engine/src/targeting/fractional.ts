/**
 * `fractional`: a split of users over arms by weight. The arguments are an optional expression for the key to bucket
 * by, then `[variant, weight]` pairs; without a key the flag's own key and the targeting key are taken together.
 * Anything malformed gives null, as flagd has it: a key expression that gives no text, a weight that is no integer, a
 * sum of weights over 2^31 - 1, or all weights zero. Negative weights, which ramps compute, count as zero.
 */
import { limits } from "../limits.ts";
import type { Expression, Operator, OperatorTable, Place, Run, TargetingUnit } from "./expression.ts";
import { literal, nullExpression } from "./expression.ts";
import { splitOf, type Split } from "../bucketing/split.ts";
import { isList, isRecord, toBucketingKey } from "./values.ts";

interface Arm {
  readonly variant: Expression;
  readonly weight: Expression;
}

/** What a `fractional` says, read from the file; `decision.ts` makes answers of it, this file values. */
export interface FractionalParts {
  /** The hash to place; null when there is nobody to place. */
  readonly hash: (data: unknown, nowMs: number) => number | null;
  /** The key that is hashed, for `explain`. */
  readonly key: Run;
  readonly variants: readonly Expression[];
  /** The split; a function of the context when a weight is computed. */
  readonly split: Split | ((data: unknown, nowMs: number) => Split | null);
}

/** Reads a `fractional`; undefined, with a warning, when it can only ever give null. */
export function readFractional(unit: TargetingUnit, args: unknown, place: Place): FractionalParts | undefined {
  if (!isList(args) || args.length === 0) {
    unit.warn(place, "wrong-arguments");
    return undefined;
  }
  const hasKey = !isList(args[0]);
  const pairs = hasKey ? args.slice(1) : args;
  const arms = pairs.map((pair: unknown, index) => readArm(unit, pair, place.argument(hasKey ? index + 1 : index)));
  if (!arms.every((arm) => arm !== undefined)) return undefined;
  const split = readSplit(unit, arms, place);
  if (split === undefined) return undefined;
  const key = hasKey ? explicitKey(unit, args[0], place.argument(0)) : implicitKey(unit, place);
  if (key === undefined) return undefined;
  return { ...key, split, variants: arms.map((arm) => arm.variant) };
}

type KeyParts = Pick<FractionalParts, "hash" | "key">;

function explicitKey(unit: TargetingUnit, logic: unknown, place: Place): KeyParts | undefined {
  const { constant, run } = unit.expression(logic, place);
  if (constant !== undefined) {
    unit.warn(place, "key-constant", logic);
    if (typeof constant.value !== "string") return undefined;
  }
  const { hashKey } = unit.bucketing;
  const hash: FractionalParts["hash"] = (data, nowMs) => {
    const key = run(data, nowMs);
    return typeof key === "string" ? hashKey(key) : null;
  };
  return { hash, key: run };
}

function implicitKey(unit: TargetingUnit, place: Place): KeyParts {
  if (!place.isContext) return { hash: () => null, key: () => null };
  const hashKey = unit.bucketing.hashKeyOf(unit.flagKey);
  const hash: FractionalParts["hash"] = (data) => {
    const key = isRecord(data) ? data["targetingKey"] : undefined;
    if (typeof key === "string" && key !== "") return hashKey(key);
    const text = toBucketingKey(key);
    return text === undefined ? null : hashKey(text);
  };
  return { hash, key: (data) => (isRecord(data) ? data["targetingKey"] : null) };
}

function readArm(unit: TargetingUnit, pair: unknown, place: Place): Arm | undefined {
  if (!isList(pair) || pair.length < 1 || pair.length > 2) {
    unit.warn(place, "not-arm", pair);
    return undefined;
  }
  const variant = unit.expression(pair[0], place, 0);
  if (typeof variant.constant?.value === "object" && variant.constant.value !== null) {
    unit.warn(place.argument(0), "arm-not-variant");
    return undefined;
  }
  const weight = pair.length === 2 ? unit.expression(pair[1], place, 1) : literal(1);
  const known = weight.constant?.value;
  if (known !== undefined && !(Number.isInteger(known) && Number(known) >= 0)) {
    unit.warn(place.argument(1), "weight-not-integer", known);
    if (!Number.isInteger(known)) return undefined;
  }
  return { variant, weight };
}

function readSplit(unit: TargetingUnit, arms: readonly Arm[], place: Place): FractionalParts["split"] | undefined {
  const { bucketing } = unit;
  const known = arms.map((arm) => arm.weight.constant?.value);
  if (!known.every((weight) => typeof weight === "number")) {
    const runs = arms.map((arm) => arm.weight.run);
    return (data, nowMs) =>
      splitOf(
        bucketing,
        runs.map((run) => run(data, nowMs)),
      );
  }
  const total = known.reduce((sum, weight) => sum + Math.max(0, weight), 0);
  if (total > limits.totalWeight) unit.refuse(place, "too-heavy", total);
  const split = splitOf(bucketing, known);
  if (split === null) unit.warn(place, "no-weight");
  return split ?? undefined;
}

/** The arm a context falls into; -1 for none. */
export type ArmOf = (data: unknown, nowMs: number) => number;

export function locate({ trace }: TargetingUnit, { hash, split, key }: FractionalParts, place: Place): ArmOf {
  return (data, nowMs) => {
    const hashed = hash(data, nowMs);
    const current = typeof split === "function" ? split(data, nowMs) : split;
    if (hashed === null || current === null) return -1;
    const arm = current.armOf(hashed);
    trace?.split(place.pointer, {
      key: String(key(data, nowMs)),
      bucket: current.bucketOf(hashed),
      ends: current.ends,
      arm,
    });
    return arm;
  };
}

/** The variant as a value. All computed variants are looked at, because one that is a list or an object spoils the split. */
export function armValue(unit: TargetingUnit, parts: FractionalParts, place: Place): Expression {
  const armOf = locate(unit, parts, place);
  const runs = parts.variants.map(({ run }) => run);
  return {
    run: (data, nowMs) => {
      const values = runs.map((run) => run(data, nowMs) ?? null);
      if (values.some((value) => typeof value === "object" && value !== null)) return null;
      return values[armOf(data, nowMs)] ?? null;
    },
  };
}

export const fractional: Operator = (unit, args, place) => {
  const parts = readFractional(unit, args, place);
  return parts === undefined ? nullExpression : armValue(unit, parts, place);
};

export const fractionalOperators: OperatorTable = { fractional };
