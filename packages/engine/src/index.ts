/**
 * The flag engine: compiles flag sets and evaluates flags. Pure: no clock, no I/O, no randomness; the time comes in as
 * an argument.
 */

// For everyone who asks flags
export { compile, type CompileResult } from "./compile/compile.ts";
export { evaluate, isOn } from "./evaluate.ts";
export { overlay, type OverlayInput, type OverlayResult } from "./overlay.ts";
export { explain, type DecidedBy, type Explanation, type ExplanationStep, type SplitExplanation } from "./explain.ts";
export { findTargetingKey, type FindTargetingKeyOptions } from "./find-targeting-key.ts";
export type { CompiledFlag, CompiledFlagSet, FlagSource, FlagType } from "./compiled-flag-set.ts";
export type { Evaluation, EvaluationContext, EvaluationErrorCode, FlagMetadata, Reason } from "./evaluation.ts";
export type { Fault } from "./fault.ts";

// For what reads and serves flag files
export { lower } from "./lowering/lower.ts";
export { expandShortForm, isShortForm, type ExpandResult } from "./short-form.ts";
export { limits } from "./limits.ts";
