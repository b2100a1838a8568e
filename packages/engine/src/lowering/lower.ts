/**
 * Turns a set into plain flagd, for clients that know nothing of Dimmer: strategies, prerequisites, kills and
 * overrides become targeting and default variants. Every context gets the same value as from the set itself, under
 * either bucketing; reasons differ, because flagd knows neither SPLIT nor KILLED, OVERRIDE and PREREQUISITE: what is
 * served by a rule is TARGETING_MATCH there, and what is forced STATIC.
 *
 * Two things a rule can do have no exact equal, and neither is found in practice: a flag needed by another one that
 * reads the whole context, or `$flagd` by a computed name, sees the other flag's key there; and a targeting key or
 * stickiness attribute that is a list or an object counts as text.
 */
import type { Flag, FlagDefinitions } from "@dimmer/spec";
import type { CompiledFlag, CompiledFlagSet } from "../compiled-flag-set.ts";
import type { FlagMetadata } from "../evaluation.ts";
import { copyTargeting, inlineTargeting } from "./inline-targeting.ts";
import type { Json } from "./json.ts";
import { allOf, either } from "./json.ts";
import { strategyRule } from "./strategy-rule.ts";

/** A flagd definition, additions of Dimmer's removed. Apply an overlay first to carry it along. */
export function lower(compiled: CompiledFlagSet): FlagDefinitions {
  const flags: Record<string, Flag> = {};
  for (const [key, flag] of compiled.flags) flags[key] = lowerFlag(flag, compiled);
  const { evaluators } = compiled.unit;
  return {
    flags,
    ...(evaluators.size === 0 ? {} : { $evaluators: Object.fromEntries(evaluators) }),
    ...(Object.keys(compiled.metadata).length === 0 ? {} : { metadata: { ...compiled.metadata } }),
  };
}

function lowerFlag(flag: CompiledFlag, set: CompiledFlagSet): Flag {
  const metadata = ownMetadata(flag.metadata, set.metadata);
  const variants = Object.fromEntries(flag.variants);
  const common = { variants, ...(Object.keys(metadata).length === 0 ? {} : { metadata }) };
  if (typeof flag.answer !== "function" && flag.answer !== flag.own) {
    return { state: "ENABLED", ...common, defaultVariant: flag.answer.variant ?? null };
  }
  const own = ownRules(flag, undefined, set);
  const targeting = behind(flag, own, set);
  return {
    state: flag.isDisabled ? "DISABLED" : "ENABLED",
    ...common,
    defaultVariant: own.defaultVariant ?? null,
    ...(targeting === undefined ? {} : { targeting }),
  };
}

/** What decides a flag by itself: a rule that may give null, and the variant served then. */
interface OwnRules {
  readonly rule: Json | undefined;
  readonly defaultVariant: string | undefined;
}

/** `inlinedAs` is the flag's key when the rules are to stand inside another flag. */
function ownRules(flag: CompiledFlag, inlinedAs: string | undefined, { unit }: CompiledFlagSet): OwnRules {
  const targeting = ownTargeting(flag, inlinedAs, unit.evaluators);
  if (flag.strategy === undefined) return { rule: targeting, defaultVariant: flag.defaultVariant };
  const [on] = flag.onVariants;
  const off = flag.offVariant ?? null;
  const site = { key: flag.key, on: on ?? null, off, isInlined: inlinedAs !== undefined };
  const lowered = strategyRule(site, flag.strategy);
  if (lowered === on) return { rule: targeting, defaultVariant: on };
  if (lowered === off) return { rule: targeting, defaultVariant: flag.offVariant };
  return { rule: targeting === undefined ? lowered : either(targeting, lowered), defaultVariant: flag.offVariant };
}

function ownTargeting(
  flag: CompiledFlag,
  inlinedAs: string | undefined,
  evaluators: ReadonlyMap<string, unknown>,
): Json | undefined {
  if (flag.targeting === undefined) return undefined;
  return inlinedAs === undefined
    ? copyTargeting(flag.targeting)
    : inlineTargeting(flag.targeting, inlinedAs, evaluators);
}

/** The flag's rule, asked only while every flag it needs is on. */
function behind(flag: CompiledFlag, own: OwnRules, set: CompiledFlagSet): Json | undefined {
  if (flag.requires.length === 0) return own.rule;
  const conditions = flag.requires.map((needed) => onCondition(needed, set));
  return { if: [allOf(conditions), own.rule ?? own.defaultVariant ?? null, flag.offVariant ?? null] };
}

/** Whether a flag's own rules give one of its on-variants, in any of the forms targeting may name a variant. */
function onCondition(flag: CompiledFlag, set: CompiledFlagSet): Json {
  const { rule, defaultVariant } = ownRules(flag, flag.key, set);
  const names = flag.onVariants.flatMap((name): Json[] => {
    if (name === "true" || name === "false") return [name, name === "true"];
    return String(Number(name)) === name ? [name, Number(name)] : [name];
  });
  const isOnByDefault = defaultVariant !== undefined && flag.onVariants.includes(defaultVariant);
  return { in: [rule ?? null, isOnByDefault ? [...names, null] : names] };
}

/** What a flag says beyond the set's metadata. */
function ownMetadata(metadata: FlagMetadata, inherited: FlagMetadata): Record<string, string | number | boolean> {
  return Object.fromEntries(Object.entries(metadata).filter(([name, value]) => inherited[name] !== value));
}
