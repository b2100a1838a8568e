/** What one process adds on top of a set: killed flags and overrides of its environment. */
import type { FlagValue } from "@dimmer/spec";
import { Answers } from "./compile/answers.ts";
import { serve } from "./compile/serve.ts";
import type { CompiledFlag, CompiledFlagSet } from "./compiled-flag-set.ts";
import type { Evaluation } from "./evaluation.ts";
import { FaultList, pointerTo, type Fault } from "./fault.ts";
import { isList, isRecord } from "./targeting/values.ts";

export interface OverlayInput {
  readonly killedFlags: ReadonlySet<string>;
  readonly overrides: ReadonlyMap<string, FlagValue>;
}

export interface OverlayResult {
  readonly compiled: CompiledFlagSet;
  /** Overrides that were dropped: of an unknown flag, of a locked one, or with a value no variant has. */
  readonly faults: readonly Fault[];
}

/**
 * The set with these flags killed and these overridden; a kill beats an override. Killed flags serve their safe variant
 * (reason KILLED), overridden ones the variant that has the value (reason OVERRIDE), and flags that need them see
 * that. Nothing is compiled again: what is not touched is shared. An overlay replaces any earlier one.
 */
export function overlay(compiled: CompiledFlagSet, { killedFlags, overrides }: OverlayInput): OverlayResult {
  const base = compiled.base ?? compiled;
  const faults = new FaultList();
  const forced = new Map<string, Evaluation>();
  for (const [key, value] of overrides) {
    const evaluation = overridden(base.flags.get(key), key, value, faults);
    if (evaluation !== undefined) forced.set(key, evaluation);
  }
  for (const key of killedFlags) {
    const flag = base.flags.get(key);
    if (flag !== undefined) forced.set(key, new Answers(flag).answer(flag.safeVariant, "KILLED"));
  }
  return { compiled: forced.size === 0 ? base : force(base, forced), faults: faults.toArray() };
}

function force(base: CompiledFlagSet, forced: ReadonlyMap<string, Evaluation>): CompiledFlagSet {
  const flags = new Map(base.flags);
  const touched = new Set(forced.keys());
  for (const key of forced.keys()) base.dependants.get(key)?.forEach((dependant) => touched.add(dependant));
  for (const key of touched) {
    const flag = base.flags.get(key);
    if (flag !== undefined) flags.set(key, serve(flag, base.flags, forced));
  }
  return { ...base, flags, inOrder: [...flags.values()], forced, base };
}

function overridden(
  flag: CompiledFlag | undefined,
  key: string,
  value: FlagValue,
  faults: FaultList,
): Evaluation | undefined {
  const pointer = pointerTo("", key);
  if (flag === undefined) {
    faults.add(pointer, "unknown-override", value);
    return undefined;
  }
  if (flag.locked !== undefined) {
    faults.add(pointer, "locked", value, flag.locked);
    return undefined;
  }
  for (const [variant, own] of flag.variants) {
    if (isSameJson(own, value)) return new Answers(flag).answer(variant, "OVERRIDE");
  }
  const values = [...flag.variants.values()].slice(0, 10).map((own) => JSON.stringify(own));
  faults.add(pointer, "unknown-value", value, ...values);
  return undefined;
}

function isSameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isRecord(a) || !isRecord(b) || isList(a) !== isList(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSameJson(a[name], b[name]))
  );
}
