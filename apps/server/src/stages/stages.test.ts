import { describe, expect, it } from "vitest";
import { openStream } from "../../test/open-stream.ts";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";

async function climbTo(plane: TestPlane, ...stages: ("shadow" | "canary")[]): Promise<void> {
  for (const stage of stages) await plane.call("enterStage", { body: { stage } });
}

const values = async (plane: TestPlane): Promise<Record<string, unknown>> =>
  Object.fromEntries((await plane.call("listFlags", {})).map((view) => [view.key, view.value]));

describe("stages", () => {
  it("are complete assignments that land as one change set", async () => {
    const plane = await startPlane();
    const result = await plane.call("enterStage", { body: { stage: "shadow", reason: "first traffic" } });
    expect(result).toMatchObject({
      undo: "dimmer stage dark",
      stage: { current: "shadow", enteredBy: "admin", drift: [] },
    });
    expect(await values(plane)).toMatchObject({
      "ai.egress.enabled": true,
      "ai.provider.bedrock.enabled": true,
      "ai.provider.google.enabled": false,
      "ai.guardrails.mode": "log-only",
      orchestration_shadow: true,
    });
    expect((await plane.call("getFlagSet", {})).version).toBe(result.version);
    expect((await plane.call("listAudit", {}))[0]).toMatchObject({
      action: "stage-entered",
      target: "shadow",
      reason: "first traffic",
      version: result.version,
    });
  });

  it("are climbed one at a time and left downwards to any", async () => {
    const plane = await startPlane();
    expect(await plane.refuse("enterStage", { body: { stage: "canary" } })).toMatchObject({
      status: 409,
      code: "stage_order",
      details: { next: "shadow" },
    });
    await climbTo(plane, "shadow", "canary");
    expect((await plane.call("enterStage", { body: { stage: "dark" } })).undo).toBe("dimmer stage canary --force");
    expect((await plane.call("getStage", {})).current).toBe("dark");
  });

  it("can be skipped by force", async () => {
    const plane = await startPlane();
    expect((await plane.call("enterStage", { body: { stage: "active", force: true } })).stage.current).toBe("active");
  });

  it("lead to active only after a completed rollout that is still whole", async () => {
    const plane = await startPlane();
    await climbTo(plane, "shadow", "canary");
    expect(await plane.refuse("enterStage", { body: { stage: "active" } })).toMatchObject({
      status: 409,
      code: "stage_precondition",
      details: { reason: "'phase_4_deployment' has had no rollout" },
    });
    const rollout = await plane.call("startRollout", { body: { flag: "phase_4_deployment", plan: "instant" } });
    expect(await plane.refuse("enterStage", { body: { stage: "active" } })).toMatchObject({
      code: "stage_precondition",
      details: { reason: "the rollout of 'phase_4_deployment' is running" },
    });
    await plane.call("actOnRollout", { params: { rollout: rollout.id }, body: { action: "promote" } });
    await plane.call("applyChangeSet", {
      body: {
        edits: [{ type: "expose", flag: "phase_4_deployment", strategy: { type: "percentage", percentage: 50 } }],
      },
    });
    expect(await plane.refuse("enterStage", { body: { stage: "active" } })).toMatchObject({
      details: { reason: "'phase_4_deployment' is no longer at 100 % but at 50 %" },
    });
    await plane.call("applyChangeSet", {
      body: {
        edits: [{ type: "expose", flag: "phase_4_deployment", strategy: { type: "percentage", percentage: 100 } }],
      },
    });
    expect((await plane.call("enterStage", { body: { stage: "active" } })).stage).toMatchObject({
      current: "active",
      drift: [],
    });
  });

  it("show drift, and repair it when entered again", async () => {
    const plane = await startPlane();
    await climbTo(plane, "shadow");
    await plane.call("applyChangeSet", {
      body: { edits: [{ type: "serve", flag: "ai.bandit.mode", value: "active" }] },
    });
    expect((await plane.call("getStage", {})).drift).toEqual(["ai.bandit.mode"]);
    expect((await plane.call("enterStage", { body: { stage: "shadow" } })).stage.drift).toEqual([]);
  });

  it("go dark from anywhere at once, aborting what is rolled out", async () => {
    const plane = await startPlane();
    await climbTo(plane, "shadow", "canary");
    const rollout = await plane.call("startRollout", { body: { flag: "phase_4_deployment", plan: "safe" } });
    await plane.call("enterStage", { body: { stage: "dark", reason: "strange answers" } });
    expect(await plane.call("getRollout", { params: { rollout: rollout.id } })).toMatchObject({
      status: "aborted",
      reason: "aborted: strange answers",
    });
    expect(await values(plane)).toMatchObject({ phase_4_deployment: false, "ai.egress.enabled": false });
    expect((await plane.call("listAudit", {})).map((entry) => entry.action)).toEqual(
      expect.arrayContaining(["rollout-aborted", "stage-entered"]),
    );
  });

  it("go dark even when flags of the sequence were removed, redefined or locked", async () => {
    const plane = await startPlane();
    await climbTo(plane, "shadow", "canary");
    const word = { state: "ENABLED", variants: { yes: "yes", no: "no" }, defaultVariant: "yes" } as const;
    const egress = (await plane.call("getFlag", { params: { flag: "ai.egress.enabled" } })).definition;
    const edits = [
      { type: "remove", flag: "ai.provider.meta.enabled" },
      { type: "put", flag: "ai.streaming.enabled", definition: word },
      { type: "put", flag: "ai.egress.enabled", definition: { ...egress, locked: "do not touch" } },
    ] as const;
    await plane.call("applyChangeSet", { body: { edits: [...edits] } });
    expect((await plane.call("enterStage", { body: { stage: "dark" } })).stage).toMatchObject({
      current: "dark",
      drift: [],
    });
    expect(await values(plane)).toMatchObject({
      "ai.provider.meta.enabled": false,
      "ai.streaming.enabled": false,
      "ai.egress.enabled": false,
    });
  });

  it("entered from above abort the rollouts of what they assign, and no others", async () => {
    const plane = await startPlane();
    await climbTo(plane, "shadow", "canary");
    const exposure = await plane.call("startRollout", { body: { flag: "phase_4_deployment", plan: "safe" } });
    const other = await plane.call("startRollout", { body: { flag: "maintenance_mode", plan: "safe" } });
    await plane.call("enterStage", { body: { stage: "shadow" } });
    expect(await plane.call("getRollout", { params: { rollout: exposure.id } })).toMatchObject({ status: "aborted" });
    expect(await plane.call("getRollout", { params: { rollout: other.id } })).toMatchObject({ status: "running" });
    expect(await values(plane)).toMatchObject({ phase_4_deployment: false, orchestration_shadow: true });
  });

  it("entered again, a stage does not overrule a rollout", async () => {
    const plane = await startPlane();
    await climbTo(plane, "shadow");
    const rollout = await plane.call("startRollout", { body: { flag: "phase_4_deployment", plan: "safe" } });
    expect(await plane.refuse("enterStage", { body: { stage: "shadow" } })).toMatchObject({
      status: 409,
      code: "flag_owned_by_rollout",
      details: { rollout: rollout.id },
    });
  });

  it("show no drift, on the stream either, of a flag that a rollout owns", async () => {
    const plane = await startPlane();
    await climbTo(plane, "shadow");
    const stream = await openStream(plane, { topics: "stage,rollout" });
    await plane.call("startRollout", { body: { flag: "phase_4_deployment", plan: "safe" } });
    await stream.next("rollout");
    await expect.poll(async () => (await stream.next("stage")).data.drift).toEqual([]);
    expect((await plane.call("getStage", {})).drift).toEqual([]);
  });

  it("refuse a name that is none", async () => {
    const plane = await startPlane();
    expect(await plane.refuse("enterStage", { body: { stage: "twilight" } })).toMatchObject({
      status: 400,
      code: "invalid_request",
    });
  });
});
