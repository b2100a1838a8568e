/** How evidence grows: a pure function of the plan and of the ticks in order, which survives JSON bit for bit. */
import type { ArmCounts, Evidence, Plan } from "@dimmer/spec";
import { addArms, emptyArm } from "./arm-counts.ts";
import { checksOf } from "./check.ts";
import { addToHarmTest, startHarmTest } from "./harm-test.ts";

/**
 * What was counted since the last tick, by requests that the step's flag set version (or a newer one) decided. How long
 * a tick is does not matter; that no request is in two of them does.
 */
export interface Tick {
  /** ISO 8601 instant in UTC. */
  readonly at: string;
  readonly canary: ArmCounts;
  readonly baseline: ArmCounts;
}

/** Evidence of an attempt that has seen nothing yet. */
export function startEvidence(plan: Plan): Evidence {
  return {
    ticks: 0,
    checks: checksOf(plan).map((check) => startHarmTest(check.name)),
    silence: { canary: 0, baseline: 0 },
    stepArms: emptyArms(),
    attemptArms: emptyArms(),
  };
}

/** Evidence after one more tick. A tick without requests changes nothing. */
export function addTick(plan: Plan, evidence: Evidence, tick: Tick): Evidence {
  const { canary, baseline } = tick;
  if (canary.requests === 0 && baseline.requests === 0) return evidence;
  return {
    ticks: evidence.ticks + (canary.requests > 0 ? 1 : 0),
    lastDataAt: tick.at,
    checks: checksOf(plan).map((check) => {
      const state = evidence.checks.find((one) => one.check === check.name) ?? startHarmTest(check.name);
      const before = check.count(evidence.attemptArms.canary).requests;
      return addToHarmTest(state, check.limit, before, check.count(canary));
    }),
    silence: {
      canary: canary.requests > 0 ? 0 : evidence.silence.canary + baseline.requests,
      baseline: baseline.requests > 0 ? 0 : evidence.silence.baseline + canary.requests,
    },
    stepArms: addToArms(evidence.stepArms, tick),
    attemptArms: addToArms(evidence.attemptArms, tick),
  };
}

/**
 * Evidence at the start of the next step. Safety is about the traffic of one weight and must be shown anew; harm is about
 * the canary itself and goes on.
 */
export function enterStep(_plan: Plan, evidence: Evidence): Evidence {
  return { ...evidence, silence: { canary: 0, baseline: 0 }, stepArms: emptyArms() };
}

type Arms = Evidence["stepArms"];

function emptyArms(): Arms {
  return { canary: emptyArm(), baseline: emptyArm() };
}

function addToArms(arms: Arms, tick: Tick): Arms {
  return { canary: addArms(arms.canary, tick.canary), baseline: addArms(arms.baseline, tick.baseline) };
}
