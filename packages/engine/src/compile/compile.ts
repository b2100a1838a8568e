/** From an untyped flag file or flag set to one that can be asked, or to the list of everything wrong with it. */
import { bucketingRule } from "../bucketing/bucketing-rule.ts";
import type { CompiledFlag, CompiledFlagSet } from "../compiled-flag-set.ts";
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
  const unit = {
    bucketing: bucketingRule(source?.bucketing ?? "flagd-v2"),
    evaluators: source?.evaluators ?? new Map(),
    faults,
    warnings,
    nodes: 0,
  };
  const flags = source === undefined ? new Map() : compileFlags(source, unit);
  if (source !== undefined) checkPrerequisites(source.flags, faults);
  if (source === undefined || !faults.isEmpty)
    return { ok: false, faults: faults.toArray(), warnings: warnings.toArray() };
  return { ok: true, compiled: assemble(source, unit, flags), warnings: warnings.toArray() };
}

const none: readonly CompiledFlag[] = [];

function compileFlags(source: SetSource, unit: SetUnit): Map<string, CompiledFlag> {
  const flags = new Map<string, CompiledFlag>();
  for (const flag of source.flags.values()) {
    const { decision, isTimed } = compileOwnDecision(unit, flag);
    flags.set(flag.key, Object.assign(flag, { isTimed, answer: decision, own: decision, requires: none }));
  }
  return flags;
}

function assemble(source: SetSource, unit: SetUnit, own: ReadonlyMap<string, CompiledFlag>): CompiledFlagSet {
  const flags = new Map<string, CompiledFlag>();
  for (const [key, flag] of own) flags.set(key, flag.prerequisites.length === 0 ? flag : serve(flag, own, new Map()));
  const { setId, version, hash, environment, bucketing, metadata } = source;
  return {
    setId,
    version,
    hash,
    environment,
    bucketing,
    keys: [...flags.keys()],
    flags,
    metadata,
    forced: new Map(),
    base: undefined,
    dependants: dependantsOf(own),
    unit: { bucketing: unit.bucketing, evaluators: unit.evaluators },
  };
}
