/** Attempts to judge, with only what a test cares about spelt out. */
import { plan as planSchema, type Evidence, type Plan, type PlanInput, type Rollout } from "@dimmer/spec";
import { startEvidence } from "@dimmer/rollout";

/** 2026-01-01T00:00:00Z, when every made-up step begins. */
export const startMs = Date.UTC(2026, 0, 1);

export const minuteMs = 60_000;

/** The instant so many ms after the start. */
export function at(offsetMs: number): string {
  return new Date(startMs + offsetMs).toISOString();
}

/** A plan of 10, 50 and 100 %, each baked for ten minutes, with the schema's defaults. */
export function planOf(input: Partial<PlanInput> = {}): Plan {
  const steps = [10, 50, 100].map((weightPercent) => ({ weightPercent, bakeMs: 10 * minuteMs }));
  return planSchema.parse({ name: "test", steps, ...input });
}

/** A running attempt in its first step. */
export function rolloutOf(overrides: Partial<Rollout> = {}): Rollout {
  const plan = overrides.plan ?? planOf();
  const evidence: Evidence = startEvidence(plan);
  return {
    id: "rollout-1",
    environment: "default",
    flag: "phase_4_deployment",
    attempt: 1,
    plan,
    linkedFlags: [],
    status: "running",
    stepIndex: 0,
    stepEnteredAt: at(0),
    bakeEndsAt: at(10 * minuteMs),
    stepSetVersion: 1,
    startSetVersion: 1,
    evidence,
    reason: "",
    startedAt: at(0),
    startedBy: "test",
    ...overrides,
  };
}
