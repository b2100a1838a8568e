import { describe, expect, test } from "vitest";
import type { ArmCounts, Rollout, VerdictType } from "@dimmer/spec";
import { addTick, decide, startEvidence, type Decision, type SourceState } from "@dimmer/rollout";
import { at, minuteMs, planOf, rolloutOf, startMs } from "../test/attempt.ts";
import { armOf } from "../test/traffic.ts";

const ok: SourceState = { type: "ok" };
const failing: SourceState = { type: "error", reason: "timeout" };
const bakedMs = startMs + 10 * minuteMs;

/** An attempt whose canary had these requests just before the bake ended. */
function after(canary: ArmCounts, overrides: Partial<Rollout> = {}, baseline = armOf(canary.requests * 9)): Rollout {
  const plan = overrides.plan ?? planOf();
  const evidence = addTick(plan, startEvidence(plan), { at: at(10 * minuteMs - 1000), canary, baseline });
  return rolloutOf({ plan, evidence, ...overrides });
}

/** Looks every ten seconds as a controller does, and returns the first decision that is not to hold, or the last. */
function watch(
  rollout: Rollout,
  untilMs: number,
  sourceAt: (nowMs: number) => SourceState,
): Decision & { nowMs: number } {
  let verdict: Rollout["verdict"];
  for (let nowMs = bakedMs; ; nowMs += 10_000) {
    const decision = decide({ ...rollout, ...(verdict !== undefined && { verdict }) }, nowMs, sourceAt(nowMs));
    if (decision.type !== "hold" || nowMs >= untilMs) return { ...decision, nowMs };
    verdict = decision.verdict;
  }
}

describe("decide", () => {
  test("advances a baked step that is safe", () => {
    const { type, reason } = decide(after(armOf(400)), bakedMs, ok);
    expect(type).toBe("advance");
    expect(reason).toMatch(
      /^safe at 10 % \(step 1 of 3\), on to 50 %: error rate 0 % of 400 canary requests, proven below 2 %/,
    );
  });

  test("completes after the last step", () => {
    expect(decide(after(armOf(400), { stepIndex: 2 }, armOf(0)), bakedMs, ok).type).toBe("complete");
  });

  test("holds a safe step until it is baked", () => {
    expect(decide(after(armOf(400)), bakedMs - 1, ok)).toMatchObject({ type: "hold", verdict: { type: "immature" } });
  });

  test("rolls back on harm at any moment, with the numbers", () => {
    const { type, reason } = decide(after(armOf(214, 11)), startMs + 1000, ok);
    expect(type).toBe("rollback");
    expect(reason).toMatch(
      /^harm at 10 % \(step 1 of 3\): error rate 5\.1 % of 214 canary requests; limit 1 %; e-value 1,285 ≥ 40$/,
    );
  });

  test("rolls back on harm when the source fails and when the attempt is paused", () => {
    expect(decide(after(armOf(214, 11)), bakedMs, failing).type).toBe("rollback");
    expect(decide(after(armOf(214, 11), { status: "paused" }), bakedMs, ok).type).toBe("rollback");
  });

  test("leaves a paused attempt alone otherwise", () => {
    expect(decide(after(armOf(400), { status: "paused" }), bakedMs, ok).type).toBe("hold");
    expect(decide(after(armOf(400), { status: "paused" }), bakedMs + 1e9, failing).type).toBe("hold");
  });

  test("leaves an ended attempt alone, whatever its evidence", () => {
    for (const status of ["succeeded", "rolled-back", "aborted"] as const) {
      expect(decide(after(armOf(214, 100), { status }), bakedMs, ok).type).toBe("hold");
    }
  });
});

describe("a verdict that is neither safe nor harm", () => {
  type Absence = Exclude<VerdictType, "safe" | "harm" | "immature">;
  const cases: readonly (readonly [Absence, ArmCounts, ArmCounts, SourceState])[] = [
    ["undecided", armOf(400, 6), armOf(3600), ok],
    ["too-little-traffic", armOf(20), armOf(180), ok],
    ["no-data", armOf(0), armOf(0), ok],
    ["source-error", armOf(400), armOf(3600), failing],
    ["mismatch", armOf(400), armOf(0), ok],
  ];

  /** The same counts, but with traffic going on, so that only the case's own absence remains. */
  const alive = (rollout: Rollout, nowMs: number): Rollout => ({
    ...rollout,
    evidence:
      rollout.evidence.ticks === 0
        ? rollout.evidence
        : { ...rollout.evidence, lastDataAt: new Date(nowMs).toISOString() },
  });

  for (const [type, canary, baseline, source] of cases) {
    test(`${type}: holds until patience has run out beyond the bake, then follows its policy`, () => {
      for (const policy of ["hold", "pause", "rollback"] as const) {
        const plan = planOf({ patienceMs: 5 * minuteMs, policies: { [type]: policy } });
        const rollout = after(canary, { plan }, baseline);
        const first = decide(rollout, bakedMs, source);
        expect(first).toMatchObject({ type: "hold", verdict: { type } });
        const look = (nowMs: number) => decide({ ...alive(rollout, nowMs), verdict: first.verdict }, nowMs, source);
        expect(look(bakedMs + 5 * minuteMs - 1)).toMatchObject({ type: "hold", verdict: { type } });
        expect(look(bakedMs + 5 * minuteMs)).toMatchObject({ type: policy, verdict: { type } });
      }
    });
  }

  test("says what will happen and when", () => {
    const plan = planOf({ policies: { "source-error": "rollback" } });
    const rollout = after(armOf(400), { plan });
    const first = decide(rollout, bakedMs, failing);
    expect(first.reason).toBe(
      "source-error at 10 % (step 1 of 3), rolls back in 15 min unless it changes: measurements cannot be read: timeout",
    );
    const last = decide({ ...rollout, verdict: first.verdict }, bakedMs + 15 * minuteMs, failing);
    expect(last.reason).toBe(
      "source-error at 10 % (step 1 of 3), rolled back by the plan's policy: measurements cannot be read: timeout",
    );
  });

  test("has its full patience when it begins long after the bake", () => {
    const rollout = after(armOf(400, 6), { plan: planOf({ patienceMs: 5 * minuteMs }) });
    const startsFailingMs = bakedMs + 30_000;
    const { type, nowMs } = watch(rollout, bakedMs + 60 * minuteMs, (now) => (now < startsFailingMs ? ok : failing));
    expect(type).toBe("pause");
    expect(nowMs).toBe(startsFailingMs + 5 * minuteMs);
  });

  test("cannot put its policy off by flapping between an unreadable source and an empty one", () => {
    const rollout = after(armOf(0), { plan: planOf({ patienceMs: 5 * minuteMs }) });
    const { type, nowMs } = watch(rollout, bakedMs + 60 * minuteMs, (now) => ((now / 10_000) % 2 === 0 ? ok : failing));
    expect(type).toBe("pause");
    expect(nowMs).toBe(bakedMs + 5 * minuteMs);
  });

  test("has its patience anew after a pause, when the old verdict is dropped on resume", () => {
    const resumedMs = bakedMs + 60 * minuteMs;
    const rollout = after(armOf(400), { bakeEndsAt: new Date(resumedMs - 15 * minuteMs).toISOString() });
    expect(decide(rollout, resumedMs, failing).type).toBe("hold");
  });
});
