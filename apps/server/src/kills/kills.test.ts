import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DimmerError } from "@dimmer/spec/errors";
import type { KillListener } from "@dimmer/stores";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../clock.fake.ts";
import { openStream } from "../../test/open-stream.ts";
import { startPlane, temporaryDirectory } from "../../test/start-plane.ts";

describe("kills", () => {
  it("act, are durable, say their undo, and are found in the audit log", async () => {
    const plane = await startPlane();
    const result = await plane.call("addKill", { body: { scope: "provider", target: "google", reason: "leaks" } });
    expect(result).toMatchObject({
      durable: true,
      replicas: { connected: 0, applied: 0 },
      undo: "dimmer revive provider google",
    });
    expect((await plane.call("getKills", {})).active).toEqual(result.kills);
    expect(readFileSync(join(plane.directory, "kills-default.jsonl"), "utf8")).toContain(result.kills[0]?.id);
    await expect
      .poll(async () => (await plane.call("listAudit", {}))[0])
      .toMatchObject({ action: "kill-added", target: "provider google", reason: "leaks", undo: result.undo });
  });

  it("say a fault of their log once, until it is another or was gone", async () => {
    const listeners: KillListener[] = [];
    const messages: unknown[] = [];
    await startPlane({
      openKillStore: () => ({
        name: "log",
        isLatched: true,
        readKills: async () => ({ kills: [], revives: [] }),
        mergeKills: async () => ({ durable: true }),
        followKills: (listener) => void listeners.push(listener),
      }),
      log: {
        info: () => undefined,
        warn: ({ error }) => void messages.push(error instanceof Error ? error.message : error),
        error: () => undefined,
      },
    });
    for (const fault of ["line 1", "line 1", "line 2", undefined, "line 2"]) {
      if (fault === undefined) listeners[0]?.alive();
      else listeners[0]?.failed(new DimmerError("store_unreadable", fault));
    }
    expect(messages).toEqual(["line 1", "line 2", "line 2"]);
  });

  it("survive a restart, with a version that does not fall back", async () => {
    const directory = temporaryDirectory();
    const first = await startPlane({ directory, clock: createFakeClock(Date.UTC(2026, 5, 1)) });
    const { killVersion, kills } = await first.call("addKill", { body: { scope: "model", target: "gpt" } });
    await first.close();
    const second = await startPlane({ directory, clock: createFakeClock(Date.UTC(2026, 4, 1)) });
    const state = await second.call("getKills", {});
    expect(state.active).toEqual(kills);
    expect(state.killVersion).toBeGreaterThanOrEqual(killVersion);
  });

  it("survive the loss of the database", async () => {
    const directory = temporaryDirectory();
    const first = await startPlane({ directory });
    const { kills } = await first.call("addKill", { body: { scope: "all" } });
    await first.close();
    const { rmSync } = await import("node:fs");
    for (const name of ["dimmer.db", "dimmer.db-wal", "dimmer.db-shm"]) rmSync(join(directory, name), { force: true });
    const second = await startPlane({ directory });
    expect((await second.call("getKills", {})).active).toEqual(kills);
  });

  it("are revived by target or by id, and only those that were seen", async () => {
    const plane = await startPlane();
    await plane.call("addKill", { body: { scope: "route", target: "chat" } });
    const revived = await plane.call("reviveKills", { body: { scope: "route", target: "chat" } });
    expect(revived).toMatchObject({ durable: true, undo: "dimmer kill route chat" });
    const again = await plane.call("addKill", { body: { scope: "route", target: "chat" } });
    expect((await plane.call("getKills", {})).active).toEqual(again.kills);
    await plane.call("reviveKills", { body: { killIds: again.kills.map((kill) => kill.id) } });
    expect((await plane.call("getKills", {})).active).toEqual([]);
  });

  it("end by themselves at their time, and readers hear of it", async () => {
    const clock = createFakeClock();
    const plane = await startPlane({ clock });
    const expiresAt = new Date(clock.nowMs() + 60_000).toISOString();
    const { killVersion } = await plane.call("addKill", { body: { scope: "tool", target: "shell", expiresAt } });
    clock.advance(60_001);
    const state = await plane.call("getKills", {});
    expect(state.active).toEqual([]);
    expect(state.killVersion).toBeGreaterThan(killVersion);
  });

  it.each([
    ["addKill", { scope: "provider" }, 400, "invalid_request"],
    ["addKill", { scope: "planet", target: "mars" }, 400, "invalid_request"],
    ["addKill", { scope: "provider", target: "x", expiresAt: "2001-01-01T00:00:00Z" }, 400, "invalid_request"],
    ["reviveKills", { scope: "provider", target: "google" }, 404, "kill_not_found"],
    ["reviveKills", { killIds: ["nobody"] }, 404, "kill_not_found"],
    ["reviveKills", {}, 400, "invalid_request"],
    ["reviveKills", { scope: "provider" }, 400, "invalid_request"],
  ] as const)("%s refuses %j with %i %s", async (name, body, status, code) => {
    const plane = await startPlane();
    expect(await plane.refuse(name, { body })).toMatchObject({ status, code });
    expect((await plane.call("getKills", {})).active).toEqual([]);
  });

  it("are read and set as flags named ai.killswitch", async () => {
    const plane = await startPlane();
    const flag = "ai.killswitch.provider.google";
    const set = async (value: boolean) =>
      await plane.call("applyChangeSet", { body: { edits: [{ type: "serve", flag, value }] } });
    expect(await set(true)).toMatchObject({ changed: [flag], undo: "dimmer revive provider google" });
    expect(await plane.call("getFlag", { params: { flag } })).toMatchObject({ value: true });
    expect((await plane.call("getKills", {})).active).toMatchObject([{ scope: "provider", target: "google" }]);
    expect((await set(true)).changed).toEqual([]);
    await set(false);
    expect(await plane.call("getFlag", { params: { flag } })).toMatchObject({ value: false });
  });

  it("cannot be mixed with flags in one change set", async () => {
    const plane = await startPlane();
    const edits = [
      { type: "serve", flag: "ai.killswitch.provider.google", value: true },
      { type: "serve", flag: "ai.streaming.enabled", value: true },
    ];
    expect(await plane.refuse("applyChangeSet", { body: { edits } })).toMatchObject({
      status: 400,
      code: "invalid_request",
    });
    expect((await plane.call("getKills", {})).active).toEqual([]);
  });

  it("of other stores are merged; revives among them need the scope revive", async () => {
    const plane = await startPlane({ clock: createFakeClock() });
    const { secret } = await plane.call("createToken", { body: { name: "killer", scopes: ["kill"] } });
    const kill = {
      id: "k1",
      scope: "model",
      target: "gpt",
      by: "file",
      reason: "",
      at: "2026-01-01T00:00:00Z",
    } as const;
    await plane.call("mergeKills", { token: secret, body: { kills: [kill], revives: [] } });
    const revives = [{ id: "r1", killIds: ["k1"], by: "file", reason: "", at: "2026-01-01T00:00:01Z" }];
    expect(await plane.refuse("mergeKills", { token: secret, body: { kills: [], revives } })).toMatchObject({
      status: 403,
      code: "forbidden",
    });
    expect((await plane.call("getKills", {})).active).toEqual([kill]);
    expect((await plane.call("mergeKills", { body: { kills: [kill], revives } })).active).toEqual([]);
  });

  it("wait for the instances that follow, and say how many applied them", async () => {
    const plane = await startPlane();
    const gateway = await openStream(plane, { topics: "kills", instanceId: "gateway-1", kind: "gateway" });
    await openStream(plane, { topics: "kills", instanceId: "screen-1", kind: "dashboard" });
    await gateway.next("kills");
    const killing = plane.call("addKill", { body: { scope: "provider", target: "google" } });
    const { data } = await gateway.next("kills");
    await plane.call("reportReplica", {
      params: { instance: "gateway-1" },
      body: { flagSetVersion: 0, killVersion: data.killVersion },
    });
    expect((await killing).replicas).toEqual({ connected: 1, applied: 1 });
  });

  it("do not wait for ever for an instance that does not answer", async () => {
    const plane = await startPlane();
    const gateway = await openStream(plane, { topics: "kills", instanceId: "gateway-1", kind: "gateway" });
    await gateway.next("kills");
    expect((await plane.call("addKill", { body: { scope: "all" } })).replicas).toEqual({ connected: 1, applied: 0 });
  });
});
