import { describe, expect, it } from "vitest";
import { catalogDefinitions } from "@dimmer/catalog";
import { createFakeClock } from "../clock.fake.ts";
import { startPlane, temporaryDirectory } from "../../test/start-plane.ts";
import { hashJson } from "./canonical-json.ts";

const serve = (flag: string, value: boolean | string | number) => ({ type: "serve", flag, value }) as const;

describe("change sets", () => {
  it("start from the catalogue, in stage dark, with a hash over the definitions", async () => {
    const plane = await startPlane();
    const flagSet = await plane.call("getFlagSet", {});
    expect(Object.keys(flagSet.flags)).toEqual(Object.keys(catalogDefinitions.flags));
    expect(flagSet.hash).toBe(hashJson({ flags: flagSet.flags, bucketing: flagSet.bucketing }));
  });

  it("raise the version, are seen at once, and are found in history and audit", async () => {
    const plane = await startPlane();
    const before = await plane.call("getFlagSet", {});
    const result = await plane.call("applyChangeSet", {
      body: { edits: [serve("ai.streaming.enabled", true)], reason: "try it" },
    });
    expect(result).toEqual({
      version: expect.any(Number) as number,
      changed: ["ai.streaming.enabled"],
      undo: "dimmer flags set ai.streaming.enabled false",
    });
    expect(result.version).toBeGreaterThan(before.version);
    expect(await plane.call("getFlag", { params: { flag: "ai.streaming.enabled" } })).toMatchObject({
      exposure: "true",
      value: true,
      killed: false,
    });
    const [newest, oldest] = await plane.call("getFlagHistory", { params: { flag: "ai.streaming.enabled" } });
    expect(newest).toMatchObject({ version: result.version, by: "admin", reason: "try it" });
    expect(oldest?.version).toBe(before.version);
    const [entry] = await plane.call("listAudit", {});
    expect(entry).toMatchObject({
      action: "flags-changed",
      target: "ai.streaming.enabled",
      by: "admin",
      version: result.version,
      undo: result.undo,
    });
  });

  it("that change nothing make no version", async () => {
    const plane = await startPlane();
    const { version } = await plane.call("getFlagSet", {});
    expect(await plane.call("applyChangeSet", { body: { edits: [serve("ai.streaming.enabled", false)] } })).toEqual({
      version,
      changed: [],
    });
  });

  it("land together or not at all", async () => {
    const plane = await startPlane();
    const before = await plane.call("getFlagSet", {});
    const refused = await plane.refuse("applyChangeSet", {
      body: { edits: [serve("ai.streaming.enabled", true), serve("otel_enabled", false)] },
    });
    expect(refused).toMatchObject({
      status: 409,
      code: "flag_locked",
      details: { reason: "Telemetry is not optional." },
    });
    expect(await plane.call("getFlagSet", {})).toEqual(before);
  });

  it("keep the version rising when the clock is set back over a restart", async () => {
    const directory = temporaryDirectory();
    const first = await startPlane({ directory, clock: createFakeClock(Date.UTC(2026, 5, 1)) });
    const { version } = await first.call("applyChangeSet", { body: { edits: [serve("ai.streaming.enabled", true)] } });
    await first.close();
    const second = await startPlane({ directory, clock: createFakeClock(Date.UTC(2020, 0, 1)) });
    const next = await second.call("applyChangeSet", { body: { edits: [serve("ai.streaming.enabled", false)] } });
    expect(next.version).toBeGreaterThan(version);
  });

  it("can be tied to the version they were made for", async () => {
    const plane = await startPlane();
    const { version } = await plane.call("getFlagSet", {});
    await plane.call("applyChangeSet", { body: { edits: [serve("ai.streaming.enabled", true)], ifVersion: version } });
    expect(
      await plane.refuse("applyChangeSet", {
        body: { edits: [serve("ai.streaming.enabled", false)], ifVersion: version },
      }),
    ).toMatchObject({ status: 409, code: "flag_set_conflict" });
  });

  it("create and remove flags, and say how to take that back", async () => {
    const plane = await startPlane();
    const definition = { state: "ENABLED", variants: { a: "A", b: "B" }, defaultVariant: "a" } as const;
    const created = await plane.call("applyChangeSet", {
      body: { edits: [{ type: "put", flag: "letter", definition }] },
    });
    expect(created.undo).toBe("dimmer flags set letter --remove");
    const removed = await plane.call("applyChangeSet", { body: { edits: [{ type: "remove", flag: "letter" }] } });
    expect(removed.undo).toBe(`dimmer flags set letter --definition '${JSON.stringify(definition)}'`);
    expect(await plane.refuse("getFlag", { params: { flag: "letter" } })).toMatchObject({
      status: 404,
      code: "flag_not_found",
    });
    const history = await plane.call("getFlagHistory", { params: { flag: "letter" } });
    expect(history.map((entry) => entry.definition)).toEqual([null, definition]);
  });

  it("list every fault of a set that does not compile, and leave the one in force", async () => {
    const plane = await startPlane();
    const before = await plane.call("getFlagSet", {});
    const broken = {
      state: "ENABLED",
      variants: { on: true, off: "no" },
      defaultVariant: "maybe",
      prerequisites: ["nobody"],
    } as const;
    const refused = await plane.refuse("applyChangeSet", {
      body: { edits: [{ type: "put", flag: "broken", definition: broken }] },
    });
    expect(refused).toMatchObject({ status: 400, code: "flag_set_invalid" });
    const { faults } = refused.details as { faults: { pointer: string; fix: string }[] };
    expect(faults.length).toBeGreaterThanOrEqual(3);
    expect(faults.every((fault) => fault.pointer.startsWith("/flags/broken"))).toBe(true);
    expect(await plane.call("getFlagSet", {})).toEqual(before);
  });

  it("refuse a flag that would load and then fail at every evaluation", async () => {
    const plane = await startPlane();
    const definition = {
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "off",
      targeting: { no_such_operator: [1] },
    } as const;
    const refused = await plane.refuse("applyChangeSet", {
      body: { edits: [{ type: "put", flag: "typo", definition }] },
    });
    expect(refused).toMatchObject({ status: 400, code: "flag_set_invalid" });
    expect(refused.message).toContain("/flags/typo/targeting");
  });

  it.each([
    [{ type: "serve", flag: "nobody", value: true }, 404, "flag_not_found"],
    [{ type: "serve", flag: "ai.streaming.enabled", value: "yes" }, 400, "flag_type_mismatch"],
    [{ type: "serve", flag: "ai.guardrails.mode", value: "blok" }, 400, "flag_type_mismatch"],
    [{ type: "remove", flag: "security_hardening_enabled" }, 409, "flag_locked"],
    [
      { type: "expose", flag: "orchestration_shadow", strategy: { type: "percentage", percentage: 101 } },
      400,
      "invalid_request",
    ],
    [
      {
        type: "put",
        flag: "ai.killswitch.provider.google",
        definition: { state: "ENABLED", variants: { on: true, off: false } },
      },
      400,
      "invalid_request",
    ],
  ])("refuse %j with %i %s", async (edit, status, code) => {
    const plane = await startPlane();
    const before = await plane.call("getFlagSet", {});
    expect(await plane.refuse("applyChangeSet", { body: { edits: [edit] } })).toMatchObject({ status, code });
    expect(await plane.call("getFlagSet", {})).toEqual(before);
  });
});

describe("flag views", () => {
  it("say what a prerequisite that is off comes to", async () => {
    const plane = await startPlane();
    await plane.call("applyChangeSet", { body: { edits: [serve("llm_integration_enabled", true)] } });
    expect(await plane.call("getFlag", { params: { flag: "llm_integration_enabled" } })).toMatchObject({
      exposure: "false, needs orchestration_enabled",
      value: false,
    });
    await plane.call("applyChangeSet", { body: { edits: [serve("orchestration_enabled", true)] } });
    expect(await plane.call("getFlag", { params: { flag: "llm_integration_enabled" } })).toMatchObject({
      exposure: "true",
      value: true,
    });
  });

  it("mark the locked, the inert and the killed", async () => {
    const plane = await startPlane();
    await plane.call("applyChangeSet", { body: { edits: [serve("ai.streaming.enabled", true)] } });
    await plane.call("addKill", { body: { scope: "flag", target: "ai.streaming.enabled" } });
    const views = new Map((await plane.call("listFlags", {})).map((view) => [view.key, view]));
    expect(views.get("ai.streaming.enabled")).toMatchObject({ killed: true, value: false, exposure: "false" });
    expect(views.get("otel_enabled")?.locked).toBe("Telemetry is not optional.");
    expect(views.get("ai.guardrails.mode")?.inert).toBe("guardrails are not built yet");
  });
});

describe("read-only mode", () => {
  it("refuses changes, lets safety through, and can be left", async () => {
    const plane = await startPlane();
    await plane.call("enterStage", { body: { stage: "shadow" } });
    await plane.call("enterStage", { body: { stage: "canary" } });
    const rollout = await plane.call("startRollout", { body: { flag: "phase_4_deployment", plan: "safe" } });
    const kill = await plane.call("addKill", { body: { scope: "provider", target: "google" } });
    await plane.call("applyChangeSet", { body: { edits: [serve("read_only_mode", true)] } });
    expect((await plane.call("getStatus", {})).isReadOnly).toBe(true);

    const refused = await Promise.all([
      plane.refuse("applyChangeSet", { body: { edits: [serve("ai.streaming.enabled", true)] } }),
      plane.refuse("applyChangeSet", {
        body: { edits: [serve("read_only_mode", false), serve("ai.streaming.enabled", true)] },
      }),
      plane.refuse("enterStage", { body: { stage: "active", force: true } }),
      plane.refuse("startRollout", { body: { flag: "orchestration_shadow", plan: "safe" } }),
      plane.refuse("actOnRollout", { params: { rollout: rollout.id }, body: { action: "promote" } }),
      plane.refuse("reviveKills", { body: { killIds: kill.kills.map((one) => one.id) } }),
      plane.refuse("createToken", { body: { name: "x", scopes: ["read"] } }),
      plane.refuse("createEnvironment", { body: { name: "other" } }),
    ]);
    expect(refused.map(({ status, code }) => `${status} ${code}`)).toEqual(refused.map(() => "503 read_only_mode"));

    await plane.call("addKill", { body: { scope: "all" } });
    await plane.call("actOnRollout", { params: { rollout: rollout.id }, body: { action: "rollback" } });
    await plane.call("enterStage", { body: { stage: "dark" } });
    await plane.call("applyChangeSet", { body: { edits: [serve("read_only_mode", false)] } });
    await plane.call("applyChangeSet", { body: { edits: [serve("ai.streaming.enabled", true)] } });
  });
});
