import { describe, expect, test } from "vitest";
import { verdict as verdictSchema, type Evidence, type Rollout, type VerdictType } from "@dimmer/spec";
import { addTick, enterStep, judge, startEvidence, type SourceState } from "@dimmer/rollout";
import { at, minuteMs, planOf, rolloutOf, startMs } from "../test/attempt.ts";
import { armOf } from "../test/traffic.ts";

const plan = planOf();
const ok: SourceState = { type: "ok" };
const bakedMs = startMs + 10 * minuteMs;

interface Counted {
  readonly canary?: ReturnType<typeof armOf>;
  readonly baseline?: ReturnType<typeof armOf>;
  readonly offsetMs?: number;
  readonly earlier?: Evidence;
}

/** Evidence of one tick, by default healthy and just before the bake ends. */
function counted({
  canary = armOf(400),
  baseline = armOf(3600),
  offsetMs = 10 * minuteMs - 1000,
  earlier,
}: Counted): Evidence {
  return addTick(plan, earlier ?? startEvidence(plan), { at: at(offsetMs), canary, baseline });
}

const rollout = (facts: Counted, overrides: Partial<Rollout> = {}): Rollout =>
  rolloutOf({ plan, evidence: counted(facts), ...overrides });

describe("the order of verdicts", () => {
  const order = ["harm", "source-error", "no-data", "mismatch", "immature", "too-little-traffic", "undecided"] as const;

  /** A look at which all of the given findings hold and no other does. */
  function verdictOf(findings: ReadonlySet<VerdictType>): VerdictType {
    const harmful = enterStep(plan, counted({ canary: armOf(100, 100) }));
    const canaryRequests = findings.has("too-little-traffic") ? 150 : 300;
    const evidence = counted({
      earlier: findings.has("harm") ? harmful : startEvidence(plan),
      canary: armOf(canaryRequests, findings.has("undecided") ? 6 : 0),
      baseline: armOf(canaryRequests * (findings.has("mismatch") ? 900 : 9)),
      offsetMs: 0,
    });
    const nowMs = startMs + (findings.has("no-data") ? 2 * minuteMs : 1000);
    const bakeEndsAt = new Date(nowMs + (findings.has("immature") ? minuteMs : 0)).toISOString();
    const source: SourceState = findings.has("source-error") ? { type: "error", reason: "database is locked" } : ok;
    return judge(rolloutOf({ plan, evidence, bakeEndsAt }), nowMs, source).type;
  }

  test("is kept in every combination of findings", () => {
    for (let bits = 0; bits < 2 ** order.length; bits += 1) {
      const findings = new Set(order.filter((_, index) => (bits >> index) % 2 === 1));
      const [expected = "safe"] = findings;
      expect({ findings, type: verdictOf(findings) }).toEqual({ findings, type: expected });
    }
  });
});

describe("a verdict", () => {
  test("of harm names share, requests, limit and e-value", () => {
    const { type, reason, checks } = judge(rollout({ canary: armOf(214, 11) }), bakedMs, ok);
    expect(type).toBe("harm");
    expect(reason).toMatch(/^error rate 5\.1 % of 214 canary requests; limit 1 %; e-value 1,285 ≥ 40$/);
    expect(checks[0]).toMatchObject({ type: "harm", limit: 0.01, canaryShare: 11 / 214, harmAt: 40, safetyAt: 20 });
  });

  test("of harm that later steps have diluted says that it was for a time", () => {
    const bad = counted({ canary: armOf(200, 12) });
    const good = counted({ earlier: enterStep(plan, bad), canary: armOf(9800, 0), baseline: armOf(9800) });
    const { type, reason } = judge(rolloutOf({ plan, evidence: good, stepIndex: 1 }), bakedMs, ok);
    expect(type).toBe("harm");
    expect(reason).toContain(
      "error rate 0.12 % of 10,000 canary requests over all steps, but above the limit of 1 % for a time",
    );
  });

  test("of harm by latency names the bucket edge that counts", () => {
    const slow = rollout({ canary: armOf(300, 0, 60) }, { plan: planOf({ maxLatencyMs: 450 }) });
    expect(judge(slow, bakedMs, ok).reason).toMatch(
      /^20 % of 300 canary requests slower than 500 ms; limit 5 %; e-value /,
    );
  });

  test("of a good step is safe, and carries the guarantee it can give", () => {
    const verdict = judge(rollout({ canary: armOf(400, 1, 4) }), bakedMs, ok);
    expect(verdict.type).toBe("safe");
    expect(verdict.guarantee).toBe("heuristic (sticky users)");
    expect(verdict.reason).toContain("error rate 0.25 % of 400 canary requests, proven below 2 %");
    expect(verdict.reason).toContain("1 % of 400 canary requests slower than 500 ms, proven below 10 %");
  });

  test("of indecision says how many requests are missing", () => {
    const { type, reason } = judge(rollout({ canary: armOf(400, 3) }), bakedMs, ok);
    expect(type).toBe("undecided");
    expect(reason).toMatch(
      /0\.75 % of 400 canary requests, not proven below 2 % \(e-value [\d.]+ of 20\); about \d+ more requests like these would prove it$/,
    );
  });

  test("of indecision above the tolerated share says that waiting will not help", () => {
    const { type, reason } = judge(rollout({ canary: armOf(400, 8) }), bakedMs, ok);
    expect(type).toBe("undecided");
    expect(reason).toContain("requests like these will never prove it");
  });

  test("reports the checks while the step is still baking", () => {
    const verdict = judge(rollout({}), bakedMs - 5 * minuteMs, ok);
    expect(verdict.type).toBe("immature");
    expect(verdict.reason).toMatch(/^bakes for another 5 min; so far error rate 0 % of 400 canary requests/);
    expect(verdict.checks.map(({ type }) => type)).toEqual(["safe", "safe"]);
  });

  test("holds finite numbers only, at extremes too", () => {
    const extremes = [
      armOf(0),
      armOf(1e9, 1e9, 1e9),
      armOf(1e9),
      { ...armOf(500), latency: [...Array.from({ length: 28 }, () => 0), 500] },
    ];
    for (const canary of extremes) {
      const verdict = judge(rollout({ canary }), bakedMs, ok);
      expect(verdictSchema.parse(JSON.parse(JSON.stringify(verdict)))).toEqual(verdict);
    }
  });

  test("reports a quantile beyond the last edge as that edge", () => {
    const canary = { ...armOf(500), latency: [...Array.from({ length: 28 }, () => 0), 500] };
    expect(judge(rollout({ canary }), bakedMs, ok).checks[1]).toMatchObject({
      canaryP95Ms: 120_000,
      baselineP95Ms: 100,
    });
  });
});

describe("absence", () => {
  test("of any request is no data once the step is baked, or after a minute of silence", () => {
    const idle = rolloutOf({ plan });
    expect(judge(idle, startMs + 59_000, ok).type).toBe("immature");
    expect(judge(idle, startMs + 60_000, ok)).toMatchObject({
      type: "no-data",
      reason: "no request of either arm since the step began 60 s ago",
    });
    expect(judge(rolloutOf({ plan, bakeEndsAt: at(10) }), startMs + 10, ok).type).toBe("no-data");
  });

  test("of newer requests is no data, however good the old ones were", () => {
    expect(judge(rollout({ offsetMs: 0 }), bakedMs, ok)).toMatchObject({
      type: "no-data",
      reason: "no request of either arm for 10 min",
    });
  });

  test("of a readable source is an error of its own, with its reason", () => {
    const verdict = judge(rollout({}), bakedMs, { type: "error", reason: "database is locked" });
    expect(verdict).toMatchObject({ type: "source-error", reason: "measurements cannot be read: database is locked" });
  });

  test("of enough requests names both arms", () => {
    const few = rollout({ canary: armOf(120), baseline: armOf(1080) });
    expect(judge(few, bakedMs, ok)).toMatchObject({
      type: "too-little-traffic",
      reason: "120 canary and 1,080 baseline requests in this step; it needs 200 of each",
    });
  });

  test("of enough baseline requests is too little traffic too, except where all traffic is the canary's", () => {
    const counts = { canary: armOf(4000), baseline: armOf(150) };
    expect(
      judge(
        rollout(counts, {
          plan: planOf({
            steps: [
              { weightPercent: 90, bakeMs: 0 },
              { weightPercent: 100, bakeMs: 0 },
            ],
          }),
        }),
        bakedMs,
        ok,
      ).type,
    ).toBe("too-little-traffic");
    expect(judge(rollout({ ...counts, baseline: armOf(0) }, { stepIndex: 2 }), bakedMs, ok).type).toBe("safe");
  });

  test("of latencies is too little traffic, however many requests there were", () => {
    const verdict = judge(rollout({ canary: { requests: 400, errors: 0, latency: [] } }), bakedMs, ok);
    expect(verdict.type).toBe("too-little-traffic");
    expect(verdict.reason).toContain("400 canary (0 of them with a latency)");
    expect(verdict.checks[1]).toMatchObject({ check: "latency", type: "no-data" });
  });

  test("of one arm is a mismatch", () => {
    const silent = judge(rollout({ canary: armOf(0), baseline: armOf(4000) }), bakedMs, ok);
    expect(silent).toMatchObject({
      type: "mismatch",
      reason: "the canary is silent: no request of it beside the last 4,000 others, at 10 % exposure",
    });
  });
});

describe("since when a verdict holds", () => {
  const later = bakedMs + 5 * minuteMs;
  const source: SourceState = { type: "error", reason: "timeout" };
  const sinceOf = (previous: Rollout["verdict"], overrides: Partial<Rollout> = {}) =>
    judge(rollout({}, { ...(previous !== undefined && { verdict: previous }), ...overrides }), later, source).since;
  const earlier = judge(rollout({}), bakedMs, source);

  test("begins at the first look that says so", () => {
    expect(sinceOf(undefined)).toBe(new Date(later).toISOString());
    expect(sinceOf({ ...earlier, type: "undecided" })).toBe(new Date(later).toISOString());
  });

  test("stays while looks agree, and while blindness only changes its name", () => {
    expect(sinceOf(earlier)).toBe(earlier.since);
    expect(sinceOf({ ...earlier, type: "no-data" })).toBe(earlier.since);
  });

  test("begins anew in the next step and while the attempt is paused", () => {
    expect(sinceOf(earlier, { stepEnteredAt: at(11 * minuteMs) })).toBe(new Date(later).toISOString());
    expect(sinceOf(earlier, { status: "paused" })).toBe(new Date(later).toISOString());
  });
});

test("a step the plan does not have is a defect, not a verdict", () => {
  expect(() => judge(rolloutOf({ plan, stepIndex: 7 }), bakedMs, ok)).toThrow("The plan 'test' has no step 7.");
});
