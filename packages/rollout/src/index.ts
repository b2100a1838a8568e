/**
 * Judges rollouts. Counts come in tick by tick, evidence grows, and `decide` says what to do next. Pure: no clock, no
 * I/O, no randomness; the same plan and the same ticks give the same evidence, bit for bit.
 */
export { decide, type Decision } from "./decide.ts";
export { judge, type SourceState } from "./judge.ts";
export { addTick, enterStep, startEvidence, type Tick } from "./evidence.ts";
export { validatePlan, type PlanFault } from "./validate-plan.ts";
