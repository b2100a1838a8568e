/** A strategy as flagd targeting: a split of 100,000 with the on-arm first, lists as conditions, ramps as weights. */
import type { Strategy } from "@dimmer/spec";
import { canaryLists } from "../strategy/canary-lists.ts";
import { rampBetween, shareUnits, unitsOfPercentage, type Ramp } from "../strategy/ramp.ts";
import { bucketingKey } from "./bucketing-key.ts";
import type { Json } from "./json.ts";

/** Where the rule is to stand, and the variants it chooses between. */
export interface RuleSite {
  /** The key of the flag whose strategy it is. */
  readonly key: string;
  /** Null is the caller's own default. */
  readonly on: string | null;
  readonly off: string | null;
  /** Whether it stands inside another flag, where its own key has to be written out. */
  readonly isInlined: boolean;
}

/** The rule; one of the variants' names where the strategy serves it to everyone. */
export function strategyRule(site: RuleSite, strategy: Strategy): Json {
  switch (strategy.type) {
    case "all-at-once":
      return site.on;
    case "percentage":
      return shareRule(site, unitsOfPercentage(strategy.percentage), strategy.stickiness);
    case "progressive":
      return rampRule(site, rampBetween(strategy.start, strategy.end), strategy.stickiness);
    case "canary": {
      const rest = shareRule(site, unitsOfPercentage(strategy.percentage ?? 0), strategy.stickiness);
      const lists = canaryLists(strategy).map(({ attribute, values }): Json => ({ in: [{ var: attribute }, values] }));
      return lists.length === 0 ? rest : { if: [{ or: lists }, site.on, rest] };
    }
  }
}

function shareRule(site: RuleSite, units: number, stickiness: string | undefined): Json {
  if (units === 0) return site.off;
  if (units === shareUnits) return site.on;
  return splitRule(site, { on: units, off: shareUnits - units }, stickiness);
}

function splitRule(
  site: RuleSite,
  weights: { readonly on: Json; readonly off: Json },
  stickiness = "targetingKey",
): Json {
  const { key, on, off, isInlined } = site;
  const arms: Json[] = [
    [on, weights.on],
    [off, weights.off],
  ];
  if (stickiness === "targetingKey") return { fractional: isInlined ? [bucketingKey(key), ...arms] : arms };
  return { if: [{ var: stickiness }, { fractional: [{ cat: [key, { var: stickiness }] }, ...arms] }, off] };
}

/** JsonLogic has no rounding, so the integer division is written with a remainder. */
function rampRule(site: RuleSite, ramp: Ramp | undefined, stickiness: string | undefined): Json {
  const { on, off } = site;
  if (ramp === undefined) return off;
  const { startSeconds, endSeconds } = ramp;
  const second = { var: "$flagd.timestamp" };
  const duration = endSeconds - startSeconds;
  const scaled = { "*": [{ "-": [second, startSeconds] }, shareUnits] };
  const units = { "/": [{ "-": [scaled, { "%": [scaled, duration] }] }, duration] };
  const split = splitRule(site, { on: units, off: { "-": [shareUnits, units] } }, stickiness);
  return { if: [{ "<=": [second, startSeconds] }, off, { if: [{ ">=": [second, endSeconds] }, on, split] }] };
}
