/**
 * Targeting as a whole gives the name of a variant. Where that name stands in the file, at the end of `if` branches
 * and in the arms of a `fractional`, the answer is looked up once at load, so that evaluating returns it directly.
 */
import type { Answers } from "../compile/answers.ts";
import { decide, type Decision } from "../evaluation.ts";
import type { Expression, Place, Run } from "./expression.ts";
import { argumentOf, isConstant } from "./expression.ts";
import type { FlagUnit } from "./flag-unit.ts";
import { armValue, locate, readFractional } from "./fractional.ts";
import { isRecord, isTruthy } from "./values.ts";

/** What all parts of one flag's targeting share. */
export interface Rules {
  readonly unit: FlagUnit;
  readonly answers: Answers;
  /** Answers when targeting gives null. */
  readonly otherwise: Decision;
}

export function compileDecision(rules: Rules, logic: unknown, place: Place): Decision {
  const { unit, otherwise } = rules;
  if (!isRecord(logic) || Array.isArray(logic)) return fromExpression(rules, unit.expression(logic, place));
  const reading = unit.admit(place, 1) ? unit.read(logic, place) : undefined;
  if (reading === undefined || reading.kind === "empty") return otherwise;
  if (reading.kind === "reference") {
    return unit.inReference(reading.name, () => compileDecision(rules, reading.logic, reading.place)) ?? otherwise;
  }
  if (reading.name === "if" && Array.isArray(reading.args)) return chooseBranch(rules, reading.args, reading.place);
  if (reading.name === "fractional") return chooseArm(rules, reading.args, reading.place);
  return fromExpression(rules, reading.operator(unit, reading.args, reading.place));
}

function fromExpression({ answers, otherwise }: Rules, { constant, run }: Expression): Decision {
  if (constant !== undefined) return answers.targeted(constant.value) ?? otherwise;
  return (context, nowMs) => answers.targeted(run(context, nowMs)) ?? decide(otherwise, context, nowMs);
}

/** Condition, result, condition, result, …, what holds otherwise. */
function chooseBranch(rules: Rules, args: readonly unknown[], place: Place): Decision {
  const conditionCount = Math.floor(args.length / 2);
  const rest = conditionCount * 2;
  let decision = rest < args.length ? compileDecision(rules, args[rest], argumentOf(place, rest)) : rules.otherwise;
  for (let i = rest - 2; i >= 0; i -= 2) {
    const condition = compileCondition(rules, args[i], argumentOf(place, i));
    decision = branch(condition, compileDecision(rules, args[i + 1], argumentOf(place, i + 1)), decision);
  }
  return decision;
}

function branch(condition: Run, result: Decision, rest: Decision): Decision {
  if (typeof result === "function") {
    return (context, nowMs) => decide(isTruthy(condition(context, nowMs)) ? result : rest, context, nowMs);
  }
  if (typeof rest === "function") {
    return (context, nowMs) => (isTruthy(condition(context, nowMs)) ? result : rest(context, nowMs));
  }
  return (context, nowMs) => (isTruthy(condition(context, nowMs)) ? result : rest);
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
  const armOf = locate(unit, parts, place);
  const arms = parts.variants.map((variant) => fromExpression(rules, variant));
  return (context, nowMs) => decide(arms[armOf(context, nowMs)] ?? otherwise, context, nowMs);
}
