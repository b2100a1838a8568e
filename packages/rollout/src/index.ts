/**
 * Judges rollouts. Counts come in tick by tick, evidence grows, and `decide` says what to do next. Pure: no clock, no
 * I/O, no randomness; the same plan and the same ticks give the same evidence, bit for bit.
 */
import type { ArmCounts, Evidence, Plan, Rollout, Verdict } from "@dimmer/spec";
import type { PlanFault } from "./plan-fault.ts";

export type { PlanFault } from "./plan-fault.ts";

/** What was counted since the last tick, for requests that the step's flag set version (or a newer one) decided. */
export interface Tick {
  /** ISO 8601 instant in UTC. */
  readonly at: string;
  readonly canary: ArmCounts;
  readonly baseline: ArmCounts;
}

/** Whether the place the counts come from could be read at this look. */
export type SourceState = { readonly type: "ok" } | { readonly type: "error"; readonly reason: string };

/** What to do with an attempt now, and why. `complete` is the `advance` of the last step. */
export interface Decision {
  readonly type: "hold" | "advance" | "complete" | "pause" | "rollback";
  readonly verdict: Verdict;
  readonly reason: string;
}

/** Evidence of an attempt that has seen nothing yet. */
export declare function startEvidence(plan: Plan): Evidence;
/** Evidence after one more tick. */
export declare function addTick(plan: Plan, evidence: Evidence, tick: Tick): Evidence;
/** Evidence at the start of the next step: safety must be shown anew, harm goes on. */
export declare function enterStep(plan: Plan, evidence: Evidence): Evidence;
/** What the evidence says at `nowMs` (Unix time in ms). Store it in `rollout.verdict`: the next look reads `since`. */
export declare function judge(rollout: Rollout, nowMs: number, source: SourceState): Verdict;
/** What to do at `nowMs`. */
export declare function decide(rollout: Rollout, nowMs: number, source: SourceState): Decision;
/** Every fault of a plan its schema let through; none when it can be run. */
export declare function validatePlan(plan: Plan): PlanFault[];
