/**
 * Targeting as a whole gives the name of a variant. Where that name stands in the file, at the end of `if` branches
 * and in the arms of a `fractional`, the answer is looked up once at load, so that evaluating returns it directly.
 */
import type { Answers } from "../compile/answers.ts";
import { decide, type Decide, type Decision } from "../evaluation.ts";
import type { Expression, Place, Run, Trace } from "./expression.ts";
import { isConstant } from "./expression.ts";
import { emptyObject, type FlagUnit, type Operation } from "./flag-unit.ts";
import { armValue, fractional, locate, readFractional, type ArmOf } from "./fractional.ts";
import { conditional } from "./logic.ts";
import { isList, isRecord, isTruthy } from "./values.ts";

/** What all parts of one flag's targeting share. */
export interface Rules {
  readonly unit: FlagUnit;
  readonly answers: Answers;
  /** Answers when targeting gives null. */
  readonly otherwise: Decision;
}

/** Compiles what stands at `at`, or at the entry `index` of what stands there. */
export function compileDecision(rules: Rules, logic: unknown, at: Place, index?: number): Decision {
  const { unit } = rules;
  if (!isRecord(logic) || isList(logic)) return fromExpression(rules, unit.expression(logic, at, index));
  const place = index === undefined ? at : at.argument(index);
  return fromOperation(rules, unit.admit(place) ? unit.operation(logic, place) : undefined);
}

function fromOperation(rules: Rules, operation: Operation | undefined): Decision {
  const { unit, otherwise } = rules;
  if (operation === undefined || operation.operator === emptyObject) return otherwise;
  const { operator, args, place } = operation;
  if (isBranching(operation)) return chooseBranch(rules, operation);
  return operator === fractional ? chooseArm(rules, args, place) : fromExpression(rules, operator(unit, args, place));
}

/** An `if` as it should be written: over a list. */
interface Branching extends Operation {
  readonly args: readonly unknown[];
}

function isBranching(operation: Operation | undefined): operation is Branching {
  return operation?.operator === conditional && isList(operation.args);
}

function fromExpression(rules: Rules, expression: Expression): Decision {
  return expression.constant === undefined
    ? computed(rules, expression.run)
    : (rules.answers.targeted(expression.constant.value) ?? rules.otherwise);
}

function computed({ answers, otherwise }: Rules, run: Run): Decide {
  return (context, nowMs) => answers.targeted(run(context, nowMs)) ?? decide(otherwise, context, nowMs);
}

/**
 * Condition, result, condition, result, …, what holds otherwise. Where that is another `if`, as flagd's schema wants
 * longer chains written, its pairs go on in the same list.
 */
function chooseBranch(rules: Rules, operation: Branching): Decision {
  const { unit } = rules;
  const conditions: Run[] = [];
  const results: Decision[] = [];
  for (let chain = operation; ;) {
    const pairsEnd = chain.args.length & ~1;
    for (let i = 0; i < pairsEnd; i += 2) {
      conditions.push(compileCondition(rules, chain.args[i], chain.place, i));
      results.push(compileDecision(rules, chain.args[i + 1], chain.place, i + 1));
    }
    if (pairsEnd === chain.args.length) return branch(conditions, results, rules.otherwise);
    const rest = chain.args[pairsEnd];
    if (!isRecord(rest) || isList(rest)) {
      return branch(conditions, results, compileDecision(rules, rest, chain.place, pairsEnd));
    }
    const restPlace = chain.place.argument(pairsEnd);
    const next = unit.admit(restPlace) ? unit.operation(rest, restPlace) : undefined;
    if (!isBranching(next)) return branch(conditions, results, fromOperation(rules, next));
    chain = next;
  }
}

function branch(conditions: readonly Run[], results: readonly Decision[], rest: Decision): Decision {
  const condition = conditions[0];
  const result = results[0];
  if (condition === undefined || result === undefined) return rest;
  // Lists grow in steps; a copy takes no more room than it needs.
  return conditions.length === 1 ? either(condition, result, rest) : firstOf(conditions.slice(), results.slice(), rest);
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

/** A condition; `explain` listens to it. */
function compileCondition({ unit }: Rules, logic: unknown, at: Place, index: number): Run {
  const { run } = unit.expression(logic, at, index);
  return unit.trace === undefined ? run : traced(unit.trace, run, at.argument(index));
}

function traced(trace: Trace, run: Run, place: Place): Run {
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
