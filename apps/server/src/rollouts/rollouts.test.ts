import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Edit, Flag, PlanInput } from "@dimmer/spec";
import { describe, expect, it } from "vitest";
import { createObserver, type Observed } from "../../test/observe.ts";
import { startPlane, temporaryDirectory, type TestPlane } from "../../test/start-plane.ts";
import { createFakeClock, type FakeClock } from "../clock.fake.ts";

const flag = "phase_4_deployment";
const minuteMs = 60_000;
const bakeMs = 30_000;
const plan: PlanInput = { name: "quick", steps: [10, 50, 100].map((weightPercent) => ({ weightPercent, bakeMs })) };

async function start(
  options: { readonly directory?: string; readonly clock?: FakeClock } = {},
): Promise<{ plane: TestPlane; clock: FakeClock; id: string }> {
  const clock = options.clock ?? createFakeClock();
  const plane = await startPlane({ ...options, clock });
  await plane.call("enterStage", { body: { stage: "canary", force: true } });
  const { id } = await plane.call("startRollout", {
    body: { flag, plan, linkedFlags: ["aatc_system_enabled"], reason: "v2 is ready" },
  });
  return { plane, clock, id };
}

/** Requests without a fault, split as the exposure says. */
const healthyAt = (weightPercent: number): Observed[] => [
  { variant: "on", requests: 3000 },
  { variant: "off", requests: 3000 * (100 / weightPercent - 1) },
];
const exposure = async (plane: TestPlane): Promise<string> =>
  (await plane.call("getFlag", { params: { flag } })).exposure;

describe("a rollout", () => {
  it("starts at its first step, owns its flag, and says its undo", async () => {
    const { plane, id } = await start();
    expect(await plane.call("getFlag", { params: { flag } })).toMatchObject({ exposure: "10 %", ownedBy: id });
    const rollout = await plane.call("getRollout", { params: { rollout: id } });
    expect(rollout).toMatchObject({
      attempt: 1,
      status: "running",
      stepIndex: 0,
      linkedFlags: ["aatc_system_enabled"],
      startedBy: "admin",
    });
    expect(rollout.stepSetVersion).toBe((await plane.call("getFlagSet", {})).version);
    const edits = [{ type: "serve", flag, value: true }] as const;
    expect(await plane.refuse("applyChangeSet", { body: { edits: [...edits] } })).toMatchObject({
      status: 409,
      code: "flag_owned_by_rollout",
      details: { rollout: id },
    });
    expect(await exposure(plane)).toBe("10 %");
  });

  it("advances step by step on proof of safety, completes, and lets go of its flag", async () => {
    const { plane, clock, id } = await start();
    const observer = createObserver(plane);
    for (const [weightPercent, expected] of [
      [10, "10 %"],
      [50, "50 %"],
      [100, "true"],
    ] as const) {
      expect(await exposure(plane)).toBe(expected);
      await observer.send(...healthyAt(weightPercent));
      await plane.reconcile();
      expect((await plane.call("getRollout", { params: { rollout: id } })).verdict?.type).toBe("immature");
      clock.advance(bakeMs);
      await plane.reconcile();
    }
    const done = await plane.call("getRollout", { params: { rollout: id } });
    expect(done).toMatchObject({ status: "succeeded", stepIndex: 2, verdict: { type: "safe" } });
    expect(await plane.call("getFlag", { params: { flag } })).not.toHaveProperty("ownedBy");
    const history = await plane.call("getRolloutHistory", { params: { rollout: id } });
    expect(
      history.map((point) => [point.weightPercent, point.canary.requests, point.baseline.requests, point.canary.p95Ms]),
    ).toEqual([
      [10, 3000, 27_000, 50],
      [50, 3000, 3000, 50],
      [100, 3000, 0, 50],
    ]);
    const actions = (await plane.call("listAudit", {})).map((entry) => entry.action);
    expect(actions.slice(0, 4)).toEqual([
      "rollout-succeeded",
      "rollout-advanced",
      "rollout-advanced",
      "rollout-started",
    ]);
  });

  it("holds without traffic, however long the bake is over", async () => {
    const { plane, clock, id } = await start();
    clock.advance(2 * minuteMs);
    await plane.reconcile();
    expect(await plane.call("getRollout", { params: { rollout: id } })).toMatchObject({
      status: "running",
      stepIndex: 0,
      verdict: { type: "no-data" },
    });
    expect(await exposure(plane)).toBe("10 %");
  });

  it.each([
    ["errors", { errors: 300 }],
    ["slow answers", { latencyMs: 1500 }],
  ])("rolls back on proof of harm by %s, with the linked flag, and says why", async (_name, bad) => {
    const { plane, id } = await start();
    await plane.call("applyChangeSet", {
      body: { edits: [{ type: "serve", flag: "aatc_system_enabled", value: true }] },
    });
    await createObserver(plane).send({ variant: "on", requests: 3000, ...bad }, { variant: "off", requests: 3000 });
    await plane.reconcile();
    const ended = await plane.call("getRollout", { params: { rollout: id } });
    expect(ended).toMatchObject({ status: "rolled-back", verdict: { type: "harm" } });
    expect(ended.reason).toMatch(/harm at 10 % .*\d/);
    expect(await exposure(plane)).toBe("false");
    expect(await plane.call("getFlag", { params: { flag: "aatc_system_enabled" } })).toMatchObject({ value: false });
    expect((await plane.call("listAudit", {}))[0]).toMatchObject({
      action: "rollout-rolled-back",
      by: "rollout controller",
      reason: ended.reason,
    });
  });

  it("counts no observation of flag sets before its step", async () => {
    const { plane, clock, id } = await start();
    const observer = createObserver(plane);
    const { version } = await plane.call("getFlagSet", {});
    await observer.send(...healthyAt(10));
    clock.advance(bakeMs);
    await plane.reconcile();
    await observer.send({ variant: "on", requests: 500, errors: 500, setVersion: version });
    clock.advance(1000);
    await plane.reconcile();
    const { stepIndex, evidence } = await plane.call("getRollout", { params: { rollout: id } });
    expect(stepIndex).toBe(1);
    expect(evidence.stepArms.canary.requests).toBe(0);
    expect(evidence.attemptArms.canary.requests).toBe(3000);
  });

  it("counts a report that is sent twice once", async () => {
    const { plane, id } = await start();
    const observer = createObserver(plane);
    expect(await observer.send(...healthyAt(10))).toEqual({ accepted: 2, known: 0 });
    expect(await observer.sendAgain()).toEqual({ accepted: 0, known: 2 });
    await plane.reconcile();
    expect(await observer.sendAgain()).toEqual({ accepted: 0, known: 2 });
    await plane.reconcile();
    expect((await plane.call("getRollout", { params: { rollout: id } })).evidence.attemptArms).toMatchObject({
      canary: { requests: 3000 },
      baseline: { requests: 27_000 },
    });
  });

  it("goes on after a restart with the same step, deadline and evidence", async () => {
    const directory = temporaryDirectory();
    const clock = createFakeClock();
    const { plane, id } = await start({ directory, clock });
    await createObserver(plane).send(...healthyAt(10));
    await plane.reconcile();
    const before = await plane.call("getRollout", { params: { rollout: id } });
    await plane.close();
    clock.advance(bakeMs / 2);
    const second = await startPlane({ directory, clock });
    const after = await second.call("getRollout", { params: { rollout: id } });
    expect(after).toEqual(before);
    clock.advance(bakeMs / 2);
    await second.reconcile();
    expect(await second.call("getRollout", { params: { rollout: id } })).toMatchObject({
      stepIndex: 1,
      status: "running",
    });
  });

  it("holds its next step in read-only mode, and still rolls back", async () => {
    const { plane, clock, id } = await start();
    await createObserver(plane).send(...healthyAt(10));
    await plane.call("applyChangeSet", { body: { edits: [{ type: "serve", flag: "read_only_mode", value: true }] } });
    clock.advance(bakeMs);
    await plane.reconcile();
    expect(await plane.call("getRollout", { params: { rollout: id } })).toMatchObject({
      stepIndex: 0,
      status: "running",
      reason: expect.stringContaining("read-only mode") as string,
    });
    await createObserver(plane, "boot-2").send({ variant: "on", requests: 3000, errors: 900 });
    clock.advance(1000);
    await plane.reconcile();
    expect(await plane.call("getRollout", { params: { rollout: id } })).toMatchObject({ status: "rolled-back" });
  });
});

describe("people", () => {
  const act = async (plane: TestPlane, id: string, action: "pause" | "resume" | "promote" | "rollback", reason = "") =>
    await plane.call("actOnRollout", { params: { rollout: id }, body: { action, reason } });

  it("pause and resume; the bake ends later by the pause, evidence goes on", async () => {
    const { plane, clock, id } = await start();
    const before = await plane.call("getRollout", { params: { rollout: id } });
    clock.advance(10_000);
    expect(await act(plane, id, "pause", "lunch")).toMatchObject({
      status: "paused",
      reason: "paused by admin: lunch",
      undo: `dimmer resume ${flag}`,
    });
    await createObserver(plane).send(...healthyAt(10));
    clock.advance(5 * minuteMs);
    await plane.reconcile();
    expect(await plane.call("getRollout", { params: { rollout: id } })).toMatchObject({
      status: "paused",
      stepIndex: 0,
      evidence: { attemptArms: { canary: { requests: 3000 } } },
    });
    const resumed = await act(plane, id, "resume");
    expect(Date.parse(resumed.bakeEndsAt) - Date.parse(before.bakeEndsAt)).toBe(5 * minuteMs);
    expect(resumed).toMatchObject({ status: "running", undo: `dimmer pause ${flag}` });
    expect(resumed).not.toHaveProperty("pausedAt");
  });

  it("promote to the next step now, which is recorded as theirs", async () => {
    const { plane, id } = await start();
    expect(await act(plane, id, "promote", "I know")).toMatchObject({
      stepIndex: 1,
      reason: "promoted by admin: I know",
      undo: `dimmer rollback ${flag}`,
    });
    expect(await exposure(plane)).toBe("50 %");
    expect((await plane.call("listAudit", {}))[0]).toMatchObject({ action: "rollout-advanced", by: "admin" });
    await act(plane, id, "promote");
    expect(await act(plane, id, "promote")).toMatchObject({ status: "succeeded" });
  });

  it("roll back what runs, what is paused, and what has succeeded", async () => {
    const { plane, id } = await start();
    await act(plane, id, "pause");
    expect(await act(plane, id, "rollback", "no")).toMatchObject({
      status: "rolled-back",
      reason: "rolled back by admin: no",
    });
    expect(await exposure(plane)).toBe("false");
    const second = await plane.call("startRollout", { body: { flag, plan: "instant" } });
    expect(second).toMatchObject({ attempt: 2, stepIndex: 0, evidence: { ticks: 0 } });
    await act(plane, second.id, "promote");
    expect(await exposure(plane)).toBe("true");
    expect(await act(plane, second.id, "rollback")).toMatchObject({ status: "rolled-back" });
    expect(await exposure(plane)).toBe("false");
  });

  it("cannot do what the rollout's state does not allow", async () => {
    const { plane, id } = await start();
    const refuse = async (rollout: string, action: string) =>
      (await plane.refuse("actOnRollout", { params: { rollout }, body: { action } })).code;
    expect(await refuse(id, "resume")).toBe("rollout_not_active");
    expect(await refuse(id, "dance")).toBe("invalid_request");
    expect(await refuse("nobody", "pause")).toBe("rollout_not_found");
    await act(plane, id, "rollback");
    for (const action of ["pause", "resume", "promote", "rollback"])
      expect(await refuse(id, action)).toBe("rollout_not_active");
  });

  it.each([
    [{ flag, plan: "reckless" }, 404, "plan_not_found"],
    [{ flag: "nobody", plan: "safe" }, 404, "flag_not_found"],
    [{ flag: "otel_enabled", plan: "safe" }, 409, "flag_locked"],
    [{ flag, plan: "safe", linkedFlags: ["nobody"] }, 404, "flag_not_found"],
    [
      {
        flag,
        plan: {
          name: "x",
          steps: [
            { weightPercent: 50, bakeMs: 0 },
            { weightPercent: 20, bakeMs: 0 },
            { weightPercent: 100, bakeMs: 0 },
          ],
        },
      },
      400,
      "plan_invalid",
    ],
    [{ flag, plan: { name: "x", steps: [{ weightPercent: 50, bakeMs: 0 }] } }, 400, "plan_invalid"],
    [
      {
        flag,
        plan: {
          name: "x",
          steps: [
            { weightPercent: 0.00001, bakeMs: 0 },
            { weightPercent: 100, bakeMs: 0 },
          ],
        },
      },
      400,
      "plan_invalid",
    ],
    [{ flag, plan: { name: "x", steps: [] } }, 400, "invalid_request"],
    [{ flag, plan: { name: "x", steps: [{ weightPercent: 0, bakeMs: 0 }] } }, 400, "invalid_request"],
    [{ flag, plan: { name: "x", steps: [{ weightPercent: 100, bakeMs: -1 }] } }, 400, "invalid_request"],
  ])("cannot start %j: %i %s", async (body, status, code) => {
    const plane = await startPlane();
    const before = await plane.call("getFlagSet", {});
    expect(await plane.refuse("startRollout", { body })).toMatchObject({ status, code });
    expect(await plane.call("getFlagSet", {})).toEqual(before);
    expect(await plane.call("listRollouts", {})).toEqual([]);
  });

  it.each([
    ["in dark", [], "it needs 'orchestration_enabled', which is off for everyone", "dimmer stage shadow"],
    [
      "while what it needs was turned off",
      [{ type: "serve", flag: "orchestration_enabled", value: false }],
      "it needs 'orchestration_enabled', which is off for everyone",
      "dimmer flags set orchestration_enabled true",
    ],
    [
      "while what it needs is served to 0 %",
      [{ type: "expose", flag: "orchestration_enabled", strategy: { type: "percentage", percentage: 0 } }],
      "it needs 'orchestration_enabled', which is off for everyone",
      "dimmer flags set orchestration_enabled true",
    ],
  ] as const)("cannot start %s, because nobody would get the flag; the error names what to run", async (...given) => {
    const [, edits, why, next] = given;
    const plane = await startPlane();
    if (edits.length > 0) {
      await plane.call("enterStage", { body: { stage: "canary", force: true } });
      await plane.call("applyChangeSet", { body: { edits: [...edits] } });
    }
    const before = await plane.call("getFlagSet", {});
    const refused = await plane.refuse("startRollout", { body: { flag, plan: "safe" } });
    expect(refused).toMatchObject({
      status: 409,
      code: "rollout_precondition",
      details: { blockedBy: "orchestration_enabled", next },
    });
    expect(refused.message).toContain(`Nobody would get '${flag}': ${why}`);
    expect(await plane.call("getFlagSet", {})).toEqual(before);
    expect(await plane.call("listRollouts", {})).toEqual([]);
  });

  it.each([flag, "orchestration_enabled"])("cannot start while a kill of %s keeps it off", async (killed) => {
    const plane = await startPlane();
    await plane.call("enterStage", { body: { stage: "canary", force: true } });
    await plane.call("addKill", { body: { scope: "flag", target: killed } });
    expect(await plane.refuse("startRollout", { body: { flag, plan: "safe" } })).toMatchObject({
      code: "rollout_precondition",
      details: { blockedBy: killed, why: "killed", next: `dimmer revive flag ${killed}` },
    });
  });

  it("is held up by the flag at the bottom of what it needs", async () => {
    const plane = await startPlane();
    const toggle: Flag = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };
    const edits: Edit[] = [
      { type: "put", flag: "base", definition: { ...toggle, state: "DISABLED" } },
      { type: "put", flag: "middle", definition: { ...toggle, prerequisites: ["base"] } },
      { type: "put", flag: "top", definition: { ...toggle, prerequisites: ["middle"] } },
    ];
    await plane.call("applyChangeSet", { body: { edits } });
    expect(await plane.refuse("startRollout", { body: { flag: "top", plan: "safe" } })).toMatchObject({
      code: "rollout_precondition",
      details: { blockedBy: "base", why: "disabled", next: "dimmer flags set base true" },
    });
  });

  it("starts while what it needs is on for some", async () => {
    const plane = await startPlane();
    const strategy = { type: "canary" as const, users: ["user-1"] };
    await plane.call("applyChangeSet", {
      body: { edits: [{ type: "expose", flag: "orchestration_enabled", strategy }] },
    });
    expect(await plane.call("startRollout", { body: { flag, plan: "safe" } })).toMatchObject({ status: "running" });
  });

  it("starts by force although nobody would get the flag: processes may turn on by themselves what it needs", async () => {
    const plane = await startPlane();
    const started = await plane.call("startRollout", { body: { flag, plan: "safe", force: true } });
    expect(started).toMatchObject({ status: "running" });
  });

  it("cannot start a second rollout of one flag", async () => {
    const { plane, id } = await start();
    expect(await plane.refuse("startRollout", { body: { flag, plan: "safe" } })).toMatchObject({
      status: 409,
      code: "rollout_exists",
      details: { rollout: id },
    });
    expect(await plane.call("listRollouts", { query: { flag } })).toHaveLength(1);
  });
});

describe("observations", () => {
  const observation = {
    flag,
    setVersion: 1,
    variant: "on",
    sequence: 0,
    requests: 10,
    errors: 0,
    latency: Array.from({ length: 29 }, () => 0),
  };
  it.each([
    ["more errors than requests", { errors: 11 }],
    ["another number of latency buckets", { latency: [1, 2, 3] }],
    ["more latencies than requests", { latency: [11, ...Array.from({ length: 28 }, () => 0)] }],
    ["a negative count", { requests: -1 }],
    ["half a request", { requests: 0.5 }],
  ])("with %s are refused whole", async (_name, wrong) => {
    const plane = await startPlane();
    const body = {
      instanceId: "i",
      instanceBootId: "b",
      observations: [observation, { ...observation, sequence: 1, ...wrong }],
    };
    expect(await plane.refuse("sendObservations", { body })).toMatchObject({ status: 400, code: "invalid_request" });
    expect(await plane.call("sendObservations", { body: { ...body, observations: [observation] } })).toEqual({
      accepted: 1,
      known: 0,
    });
  });

  it("that are old and used are dropped, and still known when sent again", async () => {
    const clock = createFakeClock();
    const plane = await startPlane({ clock });
    const body = { instanceId: "i", instanceBootId: "b", observations: [observation] };
    await plane.call("sendObservations", { body });
    clock.advance(71 * minuteMs);
    // Closing waits for the sweep that the clock has set off.
    await plane.close();
    const database = new DatabaseSync(join(plane.directory, "dimmer.db"));
    expect(database.prepare("select count(*) as count from observations").get()).toEqual({ count: 0 });
    database.close();
    const again = await startPlane({ clock, directory: plane.directory });
    expect(await again.call("sendObservations", { body })).toEqual({ accepted: 0, known: 1 });
    expect(
      await again.call("sendObservations", { body: { ...body, observations: [{ ...observation, sequence: 1 }] } }),
    ).toEqual({ accepted: 1, known: 0 });
  });
});
