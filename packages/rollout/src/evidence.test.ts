import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { evidence as evidenceSchema, type ArmCounts, type Evidence } from "@dimmer/spec";
import { addTick, enterStep, startEvidence, type Tick } from "@dimmer/rollout";
import { at, planOf } from "../test/attempt.ts";
import { armOf } from "../test/traffic.ts";

const plan = planOf();

const arm: fc.Arbitrary<ArmCounts> = fc
  .record({ requests: fc.nat(500), errors: fc.nat(500), slow: fc.nat(500) })
  .map(({ requests, errors, slow }) => armOf(requests, Math.min(errors, requests), Math.min(slow, requests)));
const tick: fc.Arbitrary<Tick> = fc
  .record({ canary: arm, baseline: arm, offsetMs: fc.nat(1_000_000) })
  .map(({ canary, baseline, offsetMs }) => ({ canary, baseline, at: at(offsetMs) }));
/** A tick, or the beginning of the next step. */
const event = fc.oneof({ weight: 9, arbitrary: tick }, { weight: 1, arbitrary: fc.constant("next step" as const) });

function apply(evidence: Evidence, one: Tick | "next step"): Evidence {
  return one === "next step" ? enterStep(plan, evidence) : addTick(plan, evidence, one);
}

describe("evidence", () => {
  test("goes on from JSON bit for bit", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let kept = startEvidence(plan);
        let stored = JSON.stringify(kept);
        for (const one of events) {
          kept = apply(kept, one);
          const parsed: Evidence = JSON.parse(stored);
          stored = JSON.stringify(apply(parsed, one));
        }
        expect(stored).toBe(JSON.stringify(kept));
        expect(evidenceSchema.parse(JSON.parse(stored))).toEqual(kept);
      }),
    );
  });

  test("is not changed by a tick without requests", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 10 }), (events) => {
        const evidence = events.reduce(apply, startEvidence(plan));
        expect(addTick(plan, evidence, { at: at(2_000_000), canary: armOf(0), baseline: armOf(0) })).toEqual(evidence);
      }),
    );
  });

  test("never says less of harm when one more request failed or was slow", () => {
    const ticks = fc.array(tick, { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(ticks, fc.nat(), fc.boolean(), (original, pick, isSlow) => {
        const index = pick % original.length;
        const worse = original.map((one, position) => {
          if (position !== index) return one;
          const { requests, errors } = one.canary;
          const slow = one.canary.latency.at(17) ?? 0;
          const canary = isSlow
            ? armOf(requests, errors, Math.min(requests, slow + 1))
            : armOf(requests, Math.min(requests, errors + 1), slow);
          return { ...one, canary };
        });
        const before = original.reduce(apply, startEvidence(plan));
        const after = worse.reduce(apply, startEvidence(plan));
        for (const [position, check] of after.checks.entries()) {
          expect(check.harmSup).toBeGreaterThanOrEqual((before.checks[position]?.harmSup ?? Infinity) - 1e-9);
        }
      }),
    );
  });

  test("counts the same arms however the ticks were cut", () => {
    const whole = addTick(plan, startEvidence(plan), { at: at(2), canary: armOf(300, 6, 20), baseline: armOf(90) });
    const first = addTick(plan, startEvidence(plan), { at: at(1), canary: armOf(100, 5, 0), baseline: armOf(0) });
    const cut = addTick(plan, first, { at: at(2), canary: armOf(200, 1, 20), baseline: armOf(90) });
    expect(cut.stepArms).toEqual(whole.stepArms);
    expect(cut.attemptArms).toEqual(whole.attemptArms);
  });

  test("keeps harm and starts counting anew in the next step", () => {
    const before = addTick(plan, startEvidence(plan), { at: at(1), canary: armOf(100, 5, 9), baseline: armOf(900) });
    const after = enterStep(plan, before);
    expect(after.checks).toEqual(before.checks);
    expect(after.attemptArms).toEqual(before.attemptArms);
    expect(after.stepArms).toEqual(startEvidence(plan).stepArms);
  });

  test("counts how long each arm has been silent, in requests of the other", () => {
    const canaryOnly = { at: at(1), canary: armOf(7), baseline: armOf(0) };
    const baselineOnly = { at: at(2), canary: armOf(0), baseline: armOf(3) };
    const first = [canaryOnly, canaryOnly].reduce(apply, startEvidence(plan));
    expect(first.silence).toEqual({ canary: 0, baseline: 14 });
    const second = [baselineOnly, baselineOnly].reduce(apply, first);
    expect(second.silence).toEqual({ canary: 6, baseline: 0 });
    expect(enterStep(plan, second).silence).toEqual({ canary: 0, baseline: 0 });
  });

  test("takes histograms of another length, and says nothing of latency without one", () => {
    const blind = { requests: 50, errors: 0, latency: [] };
    const evidence = addTick(plan, startEvidence(plan), { at: at(1), canary: blind, baseline: blind });
    expect(evidence.attemptArms.canary.latency).toEqual(armOf(0).latency);
    expect(evidence.checks[1]).toEqual(startEvidence(plan).checks[1]);
    expect(evidence.checks[0]).not.toEqual(startEvidence(plan).checks[0]);
  });
});
