/**
 * A strategy as an answer. Whoever it exposes gets the on-arm, everybody else the off-arm; who cannot be bucketed
 * (no targeting key, or no value of the stickiness attribute) gets the off-arm with reason DEFAULT, unless the share
 * is all or nothing and needs no bucket.
 */
import type { Strategy } from "@dimmer/spec";
import { splitOf, type Split } from "../bucketing/split.ts";
import {
  decide,
  type Decide,
  type Decision,
  type Evaluation,
  type EvaluationContext,
  type Reason,
} from "../evaluation.ts";
import type { Place } from "../targeting/expression.ts";
import type { FlagUnit } from "../targeting/flag-unit.ts";
import { toBucketingKey } from "../targeting/values.ts";
import { staticPath, timestamp } from "../targeting/variables.ts";
import { canaryLists, type CanaryStrategy } from "./canary-lists.ts";
import { rampBetween, shareUnits, unitsAt, unitsOfPercentage, type Ramp } from "./ramp.ts";

/** What the parts of one strategy share. */
export interface StrategyRules {
  readonly unit: FlagUnit;
  /** The answers a strategy chooses between; each is made only where it is needed. */
  readonly arms: Readonly<Record<"on" | "off", (reason: Reason) => Evaluation>>;
  /** Why a strategy that leaves nobody out answers: STATIC, or DEFAULT where targeting came first. */
  readonly everyone: Reason;
  /** Where the strategy stands. */
  readonly place: Place;
}

export function strategyDecision(rules: StrategyRules, strategy: Strategy): Decision {
  switch (strategy.type) {
    case "all-at-once":
      return rules.arms.on(rules.everyone);
    case "percentage":
      return shareDecision(rules, unitsOfPercentage(strategy.percentage), strategy.stickiness);
    case "progressive":
      return rampDecision(rules, rampBetween(strategy.start, strategy.end), strategy.stickiness);
    case "canary":
      return canaryDecision(rules, strategy);
  }
}

function shareDecision(rules: StrategyRules, units: number, stickiness: string | undefined): Decision {
  if (units === 0) return rules.arms.off("SPLIT");
  if (units === shareUnits) return rules.arms.on("SPLIT");
  return splitDecision(rules, shareSplit(rules, units), stickiness);
}

function shareSplit({ unit }: StrategyRules, units: number): Split | null {
  return splitOf(unit.bucketing, [units, shareUnits - units]);
}

function rampDecision(rules: StrategyRules, ramp: Ramp | undefined, stickiness: string | undefined): Decision {
  const { unit, arms } = rules;
  if (ramp === undefined) return arms.off("SPLIT");
  unit.isTimed = true;
  // The share moves once a second at most, so the split of the current second is kept.
  let lastUnits = -1;
  let lastSplit: Split | null = null;
  const splitAt = (nowMs: number): Split | null => {
    const units = unitsAt(ramp, timestamp(nowMs));
    if (units !== lastUnits) lastSplit = shareSplit(rules, units);
    lastUnits = units;
    return lastSplit;
  };
  const between = splitDecision(rules, splitAt, stickiness);
  const before = arms.off("SPLIT");
  const after = arms.on("SPLIT");
  return (context, nowMs) => {
    const second = timestamp(nowMs);
    if (second <= ramp.startSeconds) return before;
    return second >= ramp.endSeconds ? after : between(context, nowMs);
  };
}

type SplitAt = Split | null | ((nowMs: number) => Split | null);

function splitDecision(rules: StrategyRules, splitAt: SplitAt, stickiness: string | undefined): Decide {
  const { unit, arms, place } = rules;
  const read = keyReader(rules, stickiness);
  const hashKey = unit.bucketing.hashKeyOf(unit.flagKey);
  const { trace } = unit;
  const on = arms.on("SPLIT");
  const off = arms.off("SPLIT");
  const unknown = arms.off("DEFAULT");
  return (context, nowMs) => {
    const key = read(context, nowMs);
    const split = typeof splitAt === "function" ? splitAt(nowMs) : splitAt;
    if (key === undefined || split === null) return unknown;
    const hash = hashKey(key);
    const arm = split.armOf(hash);
    trace?.split(place.pointer, { key, bucket: split.bucketOf(hash), ends: split.ends, arm });
    return arm === 0 ? on : off;
  };
}

type KeyReader = (context: EvaluationContext, nowMs: number) => string | undefined;

/** Reads what a user is bucketed by. */
function keyReader({ unit, place }: StrategyRules, stickiness = "targetingKey"): KeyReader {
  if (stickiness === "targetingKey") return ({ targetingKey }) => toBucketingKey(targetingKey);
  const { run } = staticPath(unit, stickiness, place);
  return (context, nowMs) => toBucketingKey(run(context, nowMs));
}

function canaryDecision(rules: StrategyRules, strategy: CanaryStrategy): Decision {
  const { unit, arms, place } = rules;
  const lists = canaryLists(strategy).map(({ pointer, attribute, values }) => ({
    pointer: place.pointer + pointer,
    read: staticPath(unit, attribute, place).run,
    values: new Set<unknown>(values),
  }));
  const rest = shareDecision(rules, unitsOfPercentage(strategy.percentage ?? 0), strategy.stickiness);
  const listed = arms.on("TARGETING_MATCH");
  const { trace } = unit;
  return (context, nowMs) => {
    for (const list of lists) {
      const isListed = list.values.has(list.read(context, nowMs));
      trace?.condition(list.pointer, isListed);
      if (isListed) return listed;
    }
    return decide(rest, context, nowMs);
  };
}
