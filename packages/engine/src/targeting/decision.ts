/**
 * Targeting as a whole gives the name of a variant. Where that name stands in the file, at the end of `if` branches
 * and in the arms of a `fractional`, the answer is looked up once at load, so that evaluating returns it directly.
 */
import type { Answers } from "../compile/answers.ts";
import { decide, type Decide, type Decision } from "../evaluation.ts";
import type { Expression, Place, Run } from "./expression.ts";
import { argumentOf, isConstant } from "./expression.ts";
import type { FlagUnit, Reading } from "./flag-unit.ts";
import { armValue, locate, readFractional, type ArmOf } from "./fractional.ts";
import { isList, isRecord, isTruthy } from "./values.ts";

/** What all parts of one flag's targeting share. */
export interface Rules {
  readonly unit: FlagUnit;
  readonly answers: Answers;
  /** Answers when targeting gives null. */
  readonly otherwise: Decision;
}

export function compileDecision(rules: Rules, logic: unknown, place: Place): Decision {
  const { unit } = rules;
  if (!isRecord(logic) || isList(logic)) return fromExpression(rules, unit.expression(logic, place));
  return fromReading(rules, unit.admit(place, 1) ? unit.read(logic, place) : undefined);
}

function fromReading(rules: Rules, reading: Reading | undefined): Decision {
  const { unit, otherwise } = rules;
  if (reading === undefined || reading.kind === "empty") return otherwise;
  if (reading.kind === "reference") {
    return unit.inReference(reading.name, () => compileDecision(rules, reading.logic, reading.place)) ?? otherwise;
  }
  if (isBranching(reading)) return chooseBranch(rules, reading.args, reading.place);
  if (reading.name === "fractional") return chooseArm(rules, reading.args, reading.place);
  return fromExpression(rules, reading.operator(unit, reading.args, reading.place));
}

function isBranching(
  reading: Reading | undefined,
): reading is Reading & { readonly args: readonly unknown[]; readonly place: Place } {
  return reading?.kind === "operator" && reading.name === "if" && isList(reading.args);
}

function fromExpression({ answers, otherwise }: Rules, { constant, run }: Expression): Decision {
  if (constant !== undefined) return answers.targeted(constant.value) ?? otherwise;
  return (context, nowMs) => answers.targeted(run(context, nowMs)) ?? decide(otherwise, context, nowMs);
}

/**
 * Condition, result, condition, result, …, what holds otherwise. Where that is another `if`, as flagd's schema wants
 * longer chains written, its pairs go on in the same list.
 */
function chooseBranch(rules: Rules, args: readonly unknown[], place: Place): Decision {
  const { unit } = rules;
  const conditions: Run[] = [];
  const results: Decision[] = [];
  for (let chain = { args, place }; ;) {
    const pairsEnd = chain.args.length & ~1;
    for (let i = 0; i < pairsEnd; i += 2) {
      conditions.push(compileCondition(rules, chain.args[i], argumentOf(chain.place, i)));
      results.push(compileDecision(rules, chain.args[i + 1], argumentOf(chain.place, i + 1)));
    }
    if (pairsEnd === chain.args.length) return branch(conditions, results, rules.otherwise);
    const rest = chain.args[pairsEnd];
    const restPlace = argumentOf(chain.place, pairsEnd);
    if (!isRecord(rest) || isList(rest)) return branch(conditions, results, compileDecision(rules, rest, restPlace));
    const reading = unit.admit(restPlace, 1) ? unit.read(rest, restPlace) : undefined;
    if (!isBranching(reading)) return branch(conditions, results, fromReading(rules, reading));
    chain = reading;
  }
}

function branch(conditions: readonly Run[], results: readonly Decision[], rest: Decision): Decision {
  const [condition] = conditions;
  const [result] = results;
  if (condition === undefined || result === undefined) return rest;
  // Lists grow in steps; a copy takes no more room than it needs.
  return conditions.length === 1 ? either(condition, result, rest) : firstOf([...conditions], [...results], rest);
}

function either(condition: Run, result: Decision, rest: Decision): Decide {
  return (context, nowMs) => decide(isTruthy(condition(context, nowMs)) ? result : rest, context, nowMs);
}

function firstOf(conditions: readonly Run[], results: readonly Decision[], rest: Decision): Decide {
  return (context, nowMs) => {
    for (let i = 0; i < conditions.length; i += 1) {
      if (isTruthy(conditions[i]?.(context, nowMs))) return decide(results[i] ?? rest, context, nowMs);
    }
    return decide(rest, context, nowMs);
  };
}

/** A condition, which `explain` listens to. */
function compileCondition({ unit }: Rules, logic: unknown, place: Place): Run {
  const { run } = unit.expression(logic, place);
  const { trace } = unit;
  if (trace === undefined) return run;
  return (data, nowMs) => {
    const value = run(data, nowMs);
    trace.condition(place.pointer, isTruthy(value));
    return value;
  };
}

function chooseArm(rules: Rules, args: unknown, place: Place): Decision {
  const { unit, otherwise } = rules;
  const parts = readFractional(unit, args, place);
  if (parts === undefined) return otherwise;
  if (!parts.variants.every(isConstant)) return fromExpression(rules, armValue(unit, parts, place));
  const arms = parts.variants.map((variant) => fromExpression(rules, variant));
  return armAt(locate(unit, parts, place), arms, otherwise);
}

function armAt(armOf: ArmOf, arms: readonly Decision[], otherwise: Decision): Decide {
  return (context, nowMs) => decide(arms[armOf(context, nowMs)] ?? otherwise, context, nowMs);
}
