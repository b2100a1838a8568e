/**
 * Targeting as a whole gives the name of a variant. Where that name stands in the file, at the end of `if` branches
 * and in the arms of a `fractional`, the answer is looked up once at load, so that evaluating returns it directly.
 */
import type { Answers } from "../compile/answers.ts";
import { fixedDecision, type Decide, type Decision } from "../evaluation.ts";
import type { Expression, Place, Run } from "./expression.ts";
import { argumentOf, isConstant } from "./expression.ts";
import type { FlagUnit } from "./flag-unit.ts";
import { armValue, locate, readFractional } from "./fractional.ts";
import { isRecord, isTruthy } from "./values.ts";

/** `otherwise` is what answers when targeting gives null. */
export function compileDecision(unit: FlagUnit, answers: Answers, logic: unknown, place: Place, otherwise: Decision): Decision {
  const compileRest = (rest: unknown, at: Place): Decision => compileDecision(unit, answers, rest, at, otherwise);
  if (isRecord(logic) && !Array.isArray(logic)) {
    const reading = unit.admit(place, 1) ? unit.read(logic, place) : undefined;
    if (reading === undefined) return otherwise;
    if (reading.kind === "reference") {
      return unit.inReference(reading.name, () => compileRest(reading.logic, reading.place)) ?? otherwise;
    }
    if (reading.kind === "operator" && reading.name === "if" && Array.isArray(reading.args)) {
      return chooseBranch(unit, reading.args, reading.place, otherwise, compileRest);
    }
    if (reading.kind === "operator" && reading.name === "fractional") {
      return chooseArm(unit, answers, reading.args, reading.place, otherwise);
    }
    if (reading.kind === "operator") return fromExpression(answers, reading.operator(unit, reading.args, reading.place), otherwise);
  }
  return fromExpression(answers, unit.expression(logic, place), otherwise);
}

function fromExpression(answers: Answers, expression: Expression, otherwise: Decision): Decision {
  if (expression.constant !== undefined) {
    const answer = answers.targeted(expression.constant.value);
    return answer === undefined ? otherwise : fixedDecision(answer);
  }
  const { run } = expression;
  return { fixed: undefined, decide: (context, nowMs) => answers.targeted(run(context, nowMs)) ?? otherwise.decide(context, nowMs) };
}

type CompileRest = (logic: unknown, place: Place) => Decision;

/** Condition, result, condition, result, …, what holds otherwise. */
function chooseBranch(unit: FlagUnit, args: readonly unknown[], place: Place, otherwise: Decision, compileRest: CompileRest): Decision {
  const conditions: Run[] = [];
  const results: Decision[] = [];
  let i = 0;
  for (; i + 1 < args.length; i += 2) {
    const at = argumentOf(place, i);
    conditions.push(traced(unit, at, unit.expression(args[i], at)));
    results.push(compileRest(args[i + 1], argumentOf(place, i + 1)));
  }
  const rest = i < args.length ? compileRest(args[i], argumentOf(place, i)) : otherwise;
  return results.reduceRight((after: Decision, result, index) => branch(conditions[index], result, after), rest);
}

function branch(condition: Run | undefined, result: Decision, rest: Decision): Decision {
  if (condition === undefined) return rest;
  const { fixed, decide } = result;
  const restDecide = rest.decide;
  if (fixed === undefined) {
    return { fixed, decide: (context, nowMs) => (isTruthy(condition(context, nowMs)) ? decide : restDecide)(context, nowMs) };
  }
  if (rest.fixed === undefined) {
    return { fixed: undefined, decide: (context, nowMs) => (isTruthy(condition(context, nowMs)) ? fixed : restDecide(context, nowMs)) };
  }
  const restFixed = rest.fixed;
  return { fixed: undefined, decide: (context, nowMs) => (isTruthy(condition(context, nowMs)) ? fixed : restFixed) };
}

function traced(unit: FlagUnit, place: Place, { run }: Expression): Run {
  const { trace } = unit;
  if (trace === undefined) return run;
  return (data, nowMs) => {
    const value = run(data, nowMs);
    trace.condition(place.pointer, isTruthy(value));
    return value;
  };
}

function chooseArm(unit: FlagUnit, answers: Answers, args: unknown, place: Place, otherwise: Decision): Decision {
  const parts = readFractional(unit, args, place);
  if (parts === undefined) return otherwise;
  if (!parts.variants.every(isConstant)) return fromExpression(answers, armValue(unit, parts, place), otherwise);
  const armOf = locate(unit, parts, place);
  const arms = parts.variants.map((variant) => fromExpression(answers, variant, otherwise));
  const fixed = arms.map((arm) => arm.fixed);
  const decide: Decide = (context, nowMs) => {
    const arm = armOf(context, nowMs);
    return fixed[arm] ?? (arms[arm] ?? otherwise).decide(context, nowMs);
  };
  return { fixed: undefined, decide };
}
