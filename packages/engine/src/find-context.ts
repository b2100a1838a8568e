/** For tests: somebody who gets a certain variant. */
import type { CompiledFlagSet } from "./compiled-flag-set.ts";
import { evaluate } from "./evaluate.ts";
import type { EvaluationContext } from "./evaluation.ts";
import { isObject } from "./targeting/values.ts";

export interface FindContextOptions {
  /** When, in Unix milliseconds. */
  readonly nowMs: number;
  /** What every candidate has besides. Default nothing. */
  readonly context?: EvaluationContext;
  /**
   * The attribute, or the path to it, that tells candidates apart. Default what the flag's strategy is sticky by, else
   * `targetingKey`.
   */
  readonly attribute?: string;
  /** Candidates are `<prefix>0`, `<prefix>1`, … Default "user-". */
  readonly prefix?: string;
  /** How many candidates to try before giving up. Default 100,000. */
  readonly attempts?: number;
}

/** A context that gets `variant` of the flag; undefined when none of the candidates does. */
export function findContext(
  compiled: CompiledFlagSet,
  flagKey: string,
  variant: string,
  { nowMs, context = {}, attribute, prefix = "user-", attempts = 100_000 }: FindContextOptions,
): EvaluationContext | undefined {
  const path = (attribute ?? stickinessOf(compiled, flagKey) ?? "targetingKey").split(".");
  for (let i = 0; i < attempts; i += 1) {
    const candidate = withAttribute(context, path, `${prefix}${i}`);
    if (evaluate(compiled, flagKey, candidate, nowMs).variant === variant) return candidate;
  }
  return undefined;
}

function stickinessOf({ flags }: CompiledFlagSet, flagKey: string): string | undefined {
  const strategy = flags.get(flagKey)?.strategy;
  return strategy !== undefined && "stickiness" in strategy ? strategy.stickiness : undefined;
}

function withAttribute(
  object: Readonly<Record<string, unknown>>,
  [name = "", ...rest]: readonly string[],
  value: string,
): Record<string, unknown> {
  const inner = object[name];
  return { ...object, [name]: rest.length === 0 ? value : withAttribute(isObject(inner) ? inner : {}, rest, value) };
}
