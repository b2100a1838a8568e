/**
 * A strategy as an answer. Whoever it exposes gets the on-arm, everybody else the off-arm; who cannot be bucketed
 * (no targeting key, or no value of the stickiness attribute) gets the off-arm with reason DEFAULT, unless the share
 * is all or nothing and needs no bucket.
 */
import type { Strategy } from "@dimmer/spec";
import { splitOf, type Split } from "../bucketing/split.ts";
import { decide, type Decide, type Decision, type Evaluation, type EvaluationContext } from "../evaluation.ts";
import { pointerTo } from "../fault.ts";
import type { Place } from "../targeting/expression.ts";
import type { FlagUnit } from "../targeting/flag-unit.ts";
import { toBucketingKey } from "../targeting/values.ts";
import { staticPath, timestamp } from "../targeting/variables.ts";
import { rampBetween, shareUnits, unitsAt, unitsOfPercentage } from "./ramp.ts";

/** The answers a strategy chooses between; each is made only where it is needed. */
export interface StrategyAnswers {
  /** Served to all: reason STATIC, or DEFAULT where targeting came first. */
  readonly all: () => Evaluation;
  /** Served to those on a list: reason TARGETING_MATCH. */
  readonly listed: () => Evaluation;
  /** Served inside and outside of the share: reason SPLIT. */
  readonly on: () => Evaluation;
  readonly off: () => Evaluation;
  /** Served to those who cannot be bucketed: reason DEFAULT. */
  readonly unknown: () => Evaluation;
}

export function strategyDecision(unit: FlagUnit, strategy: Strategy, answers: StrategyAnswers, place: Place): Decision {
  switch (strategy.type) {
    case "all-at-once":
      return answers.all();
    case "percentage":
      return shareDecision(unit, unitsOfPercentage(strategy.percentage), strategy.stickiness, answers, place);
    case "progressive":
      return rampDecision(unit, strategy, answers, place);
    case "canary":
      return canaryDecision(unit, strategy, answers, place);
  }
}

/** Reads what a user is bucketed by. */
function keyReader(unit: FlagUnit, stickiness: string | undefined, place: Place): (context: EvaluationContext, nowMs: number) => string | undefined {
  if (stickiness === undefined || stickiness === "targetingKey") return ({ targetingKey }) => toBucketingKey(targetingKey);
  const { run } = staticPath(unit, stickiness, place);
  return (context, nowMs) => toBucketingKey(run(context, nowMs));
}

function shareDecision(unit: FlagUnit, units: number, stickiness: string | undefined, answers: StrategyAnswers, place: Place): Decision {
  if (units === 0) return answers.off();
  if (units === shareUnits) return answers.on();
  const split = splitOf(unit.bucketing, [units, shareUnits - units]);
  return splitDecision(unit, split, stickiness, answers, place);
}

function rampDecision(unit: FlagUnit, strategy: Extract<Strategy, { type: "progressive" }>, answers: StrategyAnswers, place: Place): Decision {
  const ramp = rampBetween(strategy.start, strategy.end);
  if (ramp === undefined) return answers.off();
  unit.markTimed();
  // The share moves once a second at most, so the split of the current second is kept.
  let lastUnits = -1;
  let split: Split | null = null;
  const splitAt = (units: number): Split | null => {
    if (units !== lastUnits) split = splitOf(unit.bucketing, [units, shareUnits - units]);
    lastUnits = units;
    return split;
  };
  const between = splitDecision(unit, (nowMs) => splitAt(unitsAt(ramp, timestamp(nowMs))), strategy.stickiness, answers, place);
  const before = answers.off();
  const after = answers.on();
  return (context, nowMs) => {
    const second = timestamp(nowMs);
    if (second <= ramp.startSeconds) return before;
    return second >= ramp.endSeconds ? after : between(context, nowMs);
  };
}

function splitDecision(
  unit: FlagUnit,
  splitAt: Split | null | ((nowMs: number) => Split | null),
  stickiness: string | undefined,
  answers: StrategyAnswers,
  place: Place,
): Decide {
  const read = keyReader(unit, stickiness, place);
  const hashKey = unit.bucketing.hashKeyOf(unit.flagKey);
  const { trace } = unit;
  const on = answers.on();
  const off = answers.off();
  const unknown = answers.unknown();
  return (context, nowMs) => {
    const key = read(context, nowMs);
    const split = typeof splitAt === "function" ? splitAt(nowMs) : splitAt;
    if (key === undefined || split === null) return unknown;
    const hash = hashKey(key);
    const arm = split.armOf(hash);
    if (trace !== undefined) trace.split(place.pointer, { key, bucket: split.bucketOf(hash), ends: split.ends, arm });
    return arm === 0 ? on : off;
  };
}

function canaryDecision(unit: FlagUnit, strategy: Extract<Strategy, { type: "canary" }>, answers: StrategyAnswers, place: Place): Decision {
  const lists = canaryLists(strategy).map(({ pointer, attribute, values }) => ({
    pointer: place.pointer + pointer,
    read: staticPath(unit, attribute, place).run,
    values: new Set<unknown>(values),
  }));
  const rest = shareDecision(unit, unitsOfPercentage(strategy.percentage ?? 0), strategy.stickiness, answers, place);
  const listed = answers.listed();
  const { trace } = unit;
  return (context, nowMs) => {
    for (const list of lists) {
      const isListed = list.values.has(list.read(context, nowMs));
      if (trace !== undefined) trace.condition(list.pointer, isListed);
      if (isListed) return listed;
    }
    return decide(rest, context, nowMs);
  };
}

/** One list of a canary: who has one of these values of this attribute is in. */
export interface CanaryList {
  readonly pointer: string;
  readonly attribute: string;
  readonly values: readonly (string | number | boolean)[];
}

export function canaryLists(strategy: Extract<Strategy, { type: "canary" }>): readonly CanaryList[] {
  const lists: CanaryList[] = [];
  if (strategy.users !== undefined) lists.push({ pointer: "/users", attribute: "targetingKey", values: strategy.users });
  if (strategy.regions !== undefined) lists.push({ pointer: "/regions", attribute: "region", values: strategy.regions });
  for (const [attribute, values] of Object.entries(strategy.attributes ?? {})) {
    lists.push({ pointer: pointerTo("/attributes", attribute), attribute, values });
  }
  return lists;
}
