/** For tests: somebody who gets a certain variant. */
import type { CompiledFlagSet } from "./compiled-flag-set.ts";
import { evaluate } from "./evaluate.ts";
import type { EvaluationContext } from "./evaluation.ts";

export interface FindTargetingKeyOptions {
  /** Attributes the context carries besides the targeting key. Default none. */
  readonly context?: EvaluationContext;
  /** Candidates are `<prefix>0`, `<prefix>1`, … Default "user-". */
  readonly prefix?: string;
  /** How many candidates to try before giving up. Default 100,000. */
  readonly attempts?: number;
}

/** A targeting key that gets `variant` of the flag at `nowMs`; undefined when none of the candidates does. */
export function findTargetingKey(
  compiled: CompiledFlagSet,
  flagKey: string,
  variant: string,
  nowMs: number,
  options: FindTargetingKeyOptions = {},
): string | undefined {
  const { context = {}, prefix = "user-", attempts = 100_000 } = options;
  for (let i = 0; i < attempts; i += 1) {
    const targetingKey = `${prefix}${i}`;
    if (evaluate(compiled, flagKey, { ...context, targetingKey }, nowMs).variant === variant) return targetingKey;
  }
  return undefined;
}
