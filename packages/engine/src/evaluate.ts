/** Asking a compiled set. */
import { Answers } from "./compile/answers.ts";
import { isOnVariant } from "./compile/serve.ts";
import type { CompiledFlag, CompiledFlagSet } from "./compiled-flag-set.ts";
import type { Evaluation, EvaluationContext } from "./evaluation.ts";

/**
 * The answer of one flag for one context at one time. Synchronous, never throws, and allocates nothing on the way to a
 * value: answers were made when the set was loaded. An undefined `value` means the caller's own default.
 */
export function evaluate(
  compiled: CompiledFlagSet,
  key: string,
  context: EvaluationContext,
  nowMs: number,
): Evaluation {
  const flag = compiled.flags.get(key);
  return flag === undefined ? notFound(compiled, key) : ask(flag, context, nowMs);
}

/** The answers of all flags, in the order of the definition; cheaper than asking for each. */
export function evaluateAll(
  compiled: CompiledFlagSet,
  context: EvaluationContext,
  nowMs: number,
): readonly Evaluation[] {
  return compiled.inOrder.map((flag) => ask(flag, context, nowMs));
}

function ask(flag: CompiledFlag, context: EvaluationContext, nowMs: number): Evaluation {
  const { answer } = flag;
  if (typeof answer !== "function") return answer;
  try {
    return answer(context, nowMs);
  } catch (error) {
    return failed(flag, error);
  }
}

/** Whether the evaluation serves one of its flag's on-variants. */
export function isOn(compiled: CompiledFlagSet, evaluation: Evaluation): boolean {
  const flag = compiled.flags.get(evaluation.flagKey);
  return flag !== undefined && isOnVariant(flag, evaluation);
}

function notFound(compiled: CompiledFlagSet, key: string): Evaluation {
  const source = { key, variants: new Map(), metadata: compiled.metadata };
  return new Answers(source).failed("FLAG_NOT_FOUND", `There is no flag '${key}'.`);
}

/** A getter of the context threw, or the allowance for walking lists was used up. */
function failed(flag: CompiledFlag, error: unknown): Evaluation {
  const why = error instanceof Error ? error.message : "The context could not be read.";
  return new Answers(flag).failed("GENERAL", `Evaluating '${flag.key}' failed. ${why}`);
}
