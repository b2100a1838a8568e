/** A strategy as flagd targeting: a split of 100,000 with the on-arm first, lists as conditions, ramps as weights. */
import type { Strategy } from "@dimmer/spec";
import { rampBetween, shareUnits, unitsOfPercentage, type Ramp } from "../strategy/ramp.ts";
import { canaryLists } from "../strategy/strategy-decision.ts";
import { bucketingKey } from "./bucketing-key.ts";
import type { Json } from "./json.ts";

/** The flag's key and the variants its strategy chooses between; null is the caller's own default. */
export interface RuleArms {
  readonly key: string;
  readonly on: string | null;
  readonly off: string | null;
}

/** The rule; one of the arms' names where the strategy serves it to everyone. */
export function strategyRule(strategy: Strategy, arms: RuleArms, isInlined: boolean): Json {
  switch (strategy.type) {
    case "all-at-once":
      return arms.on;
    case "percentage":
      return shareRule(unitsOfPercentage(strategy.percentage), strategy.stickiness, arms, isInlined);
    case "progressive":
      return rampRule(rampBetween(strategy.start, strategy.end), strategy.stickiness, arms, isInlined);
    case "canary": {
      const rest = shareRule(unitsOfPercentage(strategy.percentage ?? 0), strategy.stickiness, arms, isInlined);
      const lists = canaryLists(strategy).map(({ attribute, values }): Json => ({ in: [{ var: attribute }, values] }));
      return lists.length === 0 ? rest : { if: [{ or: lists }, arms.on, rest] };
    }
  }
}

function shareRule(units: number, stickiness: string | undefined, arms: RuleArms, isInlined: boolean): Json {
  if (units === 0) return arms.off;
  if (units === shareUnits) return arms.on;
  return splitRule(units, shareUnits - units, stickiness, arms, isInlined);
}

function splitRule(on: Json, off: Json, stickiness: string | undefined, arms: RuleArms, isInlined: boolean): Json {
  const pairs: Json[] = [[arms.on, on], [arms.off, off]];
  if (stickiness === undefined || stickiness === "targetingKey") {
    return { fractional: isInlined ? [bucketingKey(arms.key), ...pairs] : pairs };
  }
  const key = { cat: [arms.key, { var: stickiness }] };
  return { if: [{ var: stickiness }, { fractional: [key, ...pairs] }, arms.off] };
}

/** JsonLogic has no rounding, so the integer division is written with a remainder. */
function rampRule(ramp: Ramp | undefined, stickiness: string | undefined, arms: RuleArms, isInlined: boolean): Json {
  if (ramp === undefined) return arms.off;
  const { startSeconds, endSeconds } = ramp;
  const second = { var: "$flagd.timestamp" };
  const duration = endSeconds - startSeconds;
  const scaled = { "*": [{ "-": [second, startSeconds] }, shareUnits] };
  const units = { "/": [{ "-": [scaled, { "%": [scaled, duration] }] }, duration] };
  const split = splitRule(units, { "-": [shareUnits, units] }, stickiness, arms, isInlined);
  return { if: [{ "<=": [second, startSeconds] }, arms.off, { if: [{ ">=": [second, endSeconds] }, arms.on, split] }] };
}
