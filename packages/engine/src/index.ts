/**
 * The flag engine: compiles flag sets and evaluates flags. Pure: no clock, no I/O, no randomness; the time comes in as
 * an argument. This is all that evaluating flags needs; what only some need stands in entries of its own, so that nobody
 * else loads it: `/overlay` for kills and overrides, `/faults` for faults in words, `/explain`, `/lower`, `/short-form`,
 * `/flag-list`, `/testing`.
 */
export { compile, type CompileResult } from "./compile/compile.ts";
export { evaluate, evaluateAll, isOn } from "./evaluate.ts";
export { limits } from "./limits.ts";
export type { CompiledFlag, CompiledFlagSet, FlagSource, FlagType } from "./compiled-flag-set.ts";
export type { Evaluation, EvaluationContext, EvaluationErrorCode, FlagMetadata, Reason } from "./evaluation.ts";
export type { Fault, FaultCode } from "./fault.ts";
