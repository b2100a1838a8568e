/** From an untyped flag file or flag set to one that can be asked, or to the list of everything wrong with it. */
import { bucketingRule } from "../bucketing/bucketing-rule.ts";
import type { CompiledFlagSet } from "../compiled-flag-set.ts";
import { FaultList, type Fault } from "../fault.ts";
import type { SetUnit } from "../targeting/flag-unit.ts";
import { checkPrerequisites } from "./check-prerequisites.ts";
import { compileOwnDecision } from "./own-decision.ts";
import { readSet, type SetSource } from "./read-set.ts";
import { dependantsOf, serve } from "./serve.ts";

/**
 * What became of a set. A set with faults is refused whole. Warnings name what flagd loads as well but what cannot
 * mean what its author wanted: an unknown operator or `$ref` (the flag then answers PARSE_ERROR), arguments that can
 * only give null. Whoever takes changes from people should refuse those too.
 */
export type CompileResult =
  | { readonly ok: true; readonly compiled: CompiledFlagSet; readonly warnings: readonly Fault[] }
  | { readonly ok: false; readonly faults: readonly Fault[]; readonly warnings: readonly Fault[] };

/**
 * Compiles a flag set, or a flag file without version (set id "", version 0, bucketing flagd-v2 unless it says
 * otherwise). Takes anything and never throws: what comes from outside is checked here and trusted from here on.
 *
 * @example
 * const result = compile({ flags: { greeting: { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" } } });
 * if (result.ok) evaluate(result.compiled, "greeting", { targetingKey: "user-1" }, Date.now()).value; // false
 */
export function compile(input: unknown): CompileResult {
  const faults = new FaultList();
  const warnings = new FaultList();
  const source = readSet(input, faults);
  if (source === undefined) return { ok: false, faults: faults.toArray(), warnings: [] };
  const bucketing = bucketingRule(source.bucketing);
  compileFlags(source, { bucketing, evaluators: source.evaluators, faults, warnings, nodes: 0 });
  checkPrerequisites(source.flags, faults);
  if (!faults.isEmpty) return { ok: false, faults: faults.toArray(), warnings: warnings.toArray() };
  return { ok: true, compiled: assemble(source), warnings: warnings.toArray() };
}

function compileFlags({ flags }: SetSource, unit: SetUnit): void {
  flags.forEach((flag) => {
    const { decision, isTimed } = compileOwnDecision(unit, flag);
    flag.isTimed = isTimed;
    flag.own = decision;
    flag.answer = decision;
  });
}

function assemble({ flags, evaluators, ...rest }: SetSource): CompiledFlagSet {
  const forced = new Map();
  const dependants = dependantsOf(flags);
  const unit = { bucketing: bucketingRule(rest.bucketing), evaluators };
  // What a flag needs is looked up by what is its own, so those that already have their guard are no hindrance.
  for (const flag of flags.values()) {
    if (flag.prerequisites.length > 0) flags.set(flag.key, serve(flag, flags, forced));
  }
  return {
    ...rest,
    keys: [...flags.keys()],
    flags,
    inOrder: [...flags.values()],
    forced,
    base: undefined,
    dependants,
    unit,
  };
}
