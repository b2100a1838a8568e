/**
 * Puts precedence around a flag's own rules: what is forced (killed or overridden) answers at once; else, unless every
 * flag it needs is on, the off-variant is served; else its own rules decide.
 *
 * A flag whose prerequisite fails serves a variant that is not on. So a flag is on exactly when its own rules say so
 * and those of all flags it needs, directly or not, do too: the whole chain is one flat list, and a flag that is
 * reached by several ways is asked once.
 */
import type { CompiledFlag } from "../compiled-flag-set.ts";
import { decide, type Decision, type Evaluation, type EvaluationContext } from "../evaluation.ts";
import { Answers } from "./answers.ts";
import { neededBy } from "./needed-by.ts";

type Flags = ReadonlyMap<string, CompiledFlag>;
type Forced = ReadonlyMap<string, Evaluation>;

/** What a flag needs, in the order in which it is asked. */
interface Requirements {
  readonly requires: readonly CompiledFlag[];
  /** Set when one of them can never be on, so that nothing needs to be asked. */
  readonly isNeverMet: boolean;
}

export function isOnVariant(flag: CompiledFlag, evaluation: Evaluation): boolean {
  return evaluation.variant !== undefined && flag.onVariants.includes(evaluation.variant);
}

/** The flag among `flags`, with `forced` in force. */
export function serve(flag: CompiledFlag, flags: Flags, forced: Forced): CompiledFlag {
  const answer = forced.get(flag.key);
  if (answer !== undefined) return serving(flag, answer, []);
  if (flag.prerequisites.length === 0 || flag.isDisabled) return serving(flag, flag.own, []);
  const { requires, isNeverMet } = requirementsOf(flag, flags, forced);
  const off = new Answers(flag).answer(flag.offVariant, "PREREQUISITE");
  if (isNeverMet) return serving(flag, off, []);
  return serving(flag, guarded(flag.own, requires, off), requires);
}

function serving(flag: CompiledFlag, answer: Decision, requires: readonly CompiledFlag[]): CompiledFlag {
  const isOwnTimed = typeof answer === "function" && flag.isTimed;
  return { ...flag, answer, requires, isTimed: isOwnTimed || requires.some((required) => required.isTimed) };
}

function guarded(own: Decision, requires: readonly CompiledFlag[], off: Evaluation): Decision {
  if (requires.length === 0) return own;
  return (context, nowMs) => {
    for (const required of requires) if (!isOnByItself(required, context, nowMs)) return off;
    return decide(own, context, nowMs);
  };
}

/** Whether the flag's own rules put it on; rules that fail do not. */
export function isOnByItself(flag: CompiledFlag, context: EvaluationContext, nowMs: number): boolean {
  try {
    return isOnVariant(flag, decide(flag.own, context, nowMs));
  } catch {
    return false;
  }
}

/** What must be asked before the flag; what an overlay forces stands for what it needs itself. */
function requirementsOf(flag: CompiledFlag, flags: Flags, forced: Forced): Requirements {
  const requires: CompiledFlag[] = [];
  for (const needed of neededBy(flag, flags, forced).keys()) {
    const answer = forced.get(needed.key) ?? needed.own;
    if (typeof answer === "function") requires.push(needed);
    else if (!isOnVariant(needed, answer)) return { requires: [], isNeverMet: true };
  }
  return { requires, isNeverMet: false };
}

/** For each flag the flags that need it, directly or not. */
export function dependantsOf(flags: Flags): ReadonlyMap<string, readonly string[]> {
  const dependants = new Map<string, string[]>();
  for (const flag of flags.values()) {
    if (flag.prerequisites.length === 0) continue;
    for (const { key } of neededBy(flag, flags).keys()) {
      const known = dependants.get(key);
      if (known === undefined) dependants.set(key, [flag.key]);
      else known.push(flag.key);
    }
  }
  return dependants;
}
