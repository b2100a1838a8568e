/** What a flag is asked with and what it answers: the vocabulary of OpenFeature, and Dimmer's three reasons more. */
import type { FlagValue } from "@dimmer/spec";

/** What is known about who asks. `targetingKey` says who it is; every other name is an attribute rules may look at. */
export interface EvaluationContext {
  readonly targetingKey?: string | undefined;
  readonly [attribute: string]: unknown;
}

/**
 * Why a flag answered as it did. The upper seven are OpenFeature's and mean what they mean in flagd. The lower three
 * are Dimmer's own, which OpenFeature allows (a reason is a free string there):
 *
 * - `KILLED`: the flag is killed and serves its safe variant.
 * - `OVERRIDE`: the environment of this process fixes the variant.
 * - `PREREQUISITE`: a flag this one needs is not on, so it serves its off-variant.
 */
export type Reason =
  | "STATIC"
  | "DEFAULT"
  | "TARGETING_MATCH"
  | "SPLIT"
  | "DISABLED"
  | "ERROR"
  | "KILLED"
  | "OVERRIDE"
  | "PREREQUISITE";

/**
 * OpenFeature's error codes, as far as evaluation itself can meet them: no such flag; targeting that cannot be read
 * (`compile` warned of it); targeting that named a variant the flag does not have, or failed.
 */
export type EvaluationErrorCode = "FLAG_NOT_FOUND" | "PARSE_ERROR" | "GENERAL";

/**
 * The answer of one flag. Answers are made when the set is loaded, frozen, and shared by every evaluation that comes
 * to the same result: compare them by identity if you like, never change them.
 */
export interface Evaluation {
  readonly flagKey: string;
  /** The value to use; `undefined` means the caller's own default (no default variant, disabled, not found, error). */
  readonly value: FlagValue | undefined;
  readonly variant: string | undefined;
  readonly reason: Reason;
  readonly errorCode?: EvaluationErrorCode;
  readonly errorMessage?: string;
  /** The set's metadata, overlaid name by name with the flag's. */
  readonly metadata: FlagMetadata;
}

export type FlagMetadata = Readonly<Record<string, string | number | boolean>>;

/** Answers a context: what a flag's rules, or a part of them, become. Never called with a clock of its own. */
export type Decide = (context: EvaluationContext, nowMs: number) => Evaluation;

/** A flag's rules, or a part of them: the answer itself where it depends on nothing, else what finds it. */
export type Decision = Evaluation | Decide;

/** Asks a decision. */
export function decide(decision: Decision, context: EvaluationContext, nowMs: number): Evaluation {
  return typeof decision === "function" ? decision(context, nowMs) : decision;
}
