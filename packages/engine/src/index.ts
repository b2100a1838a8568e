/**
 * The flag engine: compiles flag sets and evaluates flags. Pure: no clock, no I/O, no randomness; `nowMs` comes in as
 * an argument.
 */
import type { FlagDefinitions, FlagSet, FlagValue } from "@dimmer/spec";
import type { CompiledFlagSet } from "./compiled-flag-set.ts";
import type { Evaluation, EvaluationContext } from "./evaluation.ts";
import type { Fault } from "./fault.ts";

export type { CompiledFlag, CompiledFlagSet, FlagType } from "./compiled-flag-set.ts";
export type { Evaluation, EvaluationContext, EvaluationErrorCode, FlagMetadata, Reason } from "./evaluation.ts";
export type { Fault } from "./fault.ts";

export type CompileResult =
  | { readonly ok: true; readonly compiled: CompiledFlagSet }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** What this process adds on top of a set. */
export interface OverlayInput {
  readonly killedFlags: ReadonlySet<string>;
  readonly overrides: ReadonlyMap<string, FlagValue>;
}
/** The varied set, and every override that could not be applied (unknown flag, value of no variant, locked flag). */
export interface OverlayResult {
  readonly compiled: CompiledFlagSet;
  readonly faults: readonly Fault[];
}

export declare function compile(input: unknown): CompileResult;
export declare function overlay(compiled: CompiledFlagSet, input: OverlayInput): OverlayResult;
export declare function evaluate(
  compiled: CompiledFlagSet,
  key: string,
  context: EvaluationContext,
  nowMs: number,
): Evaluation;
export declare function isOn(compiled: CompiledFlagSet, evaluation: Evaluation): boolean;

/** What `findTargetingKey` searches with. */
export interface FindTargetingKeyOptions {
  /** Attributes the context carries besides the targeting key. Default none. */
  readonly context?: EvaluationContext;
  /** Candidates are `<prefix>0`, `<prefix>1`, … Default "user-". */
  readonly prefix?: string;
  /** How many candidates to try before giving up. Default 100,000. */
  readonly attempts?: number;
}
/** A targeting key that lands in `variant` at `nowMs`; undefined when none of the candidates does. */
export declare function findTargetingKey(
  compiled: CompiledFlagSet,
  flagKey: string,
  variant: string,
  nowMs: number,
  options?: FindTargetingKeyOptions,
): string | undefined;

/** The set as plain flagd, for clients that know nothing of Dimmer. The input is one that compiles. */
export declare function lower(flagSet: FlagDefinitions | FlagSet, overlay?: OverlayInput): FlagDefinitions;

export type ExpandResult =
  | { readonly ok: true; readonly definitions: FlagDefinitions }
  | { readonly ok: false; readonly faults: readonly Fault[] };
/** Whether `input` is in the short form: an object without a `flags` member. */
export declare function isShortForm(input: unknown): boolean;
/** Turns `{"orchestration_enabled": {"enabled": false}}` and its like into full definitions. */
export declare function expandShortForm(input: unknown): ExpandResult;
