import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "@dimmer/api-client/testing";
import type { ManualClock } from "@dimmer/api-client/testing";
import { createDimmer } from "@dimmer/sdk";
import type { Dimmer, DimmerOptions, KillInput } from "@dimmer/sdk";
import type { KillSet } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { emptyKillSet, mergeKillSets } from "@dimmer/spec/kill-set";
import { createEnvironmentKillStore } from "@dimmer/stores/env";
import { createKillFile } from "@dimmer/stores/file";
import { createMemoryStore } from "@dimmer/stores/testing";
import type { MemoryStore } from "@dimmer/stores/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { killOf } from "../test/fixtures.ts";

let directory: string;
let clock: ManualClock;
let store: MemoryStore;
let open: Dimmer[];
let nextId = 0;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "dimmer-kills-"));
  clock = createManualClock();
  store = createMemoryStore("control-plane");
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((dimmer) => dimmer.close()));
  await rm(directory, { recursive: true, force: true });
});

const start = (options: Partial<DimmerOptions> = {}): Dimmer => {
  const dimmer = createDimmer({
    stores: [],
    killStores: [store],
    directory,
    clock,
    ids: () => `id-${(nextId += 1)}`,
    ...options,
  });
  open.push(dimmer);
  return dimmer;
};
const kills = (...list: KillSet["kills"]): KillSet => ({ kills: list, revives: [] });
const revive = (id: string, ...killIds: string[]): KillSet => ({
  kills: [],
  revives: [{ id, killIds, by: "test", reason: "", at: "2026-01-01T00:00:00Z" }],
});
const latched = async (): Promise<readonly string[]> =>
  (
    await createKillFile({ path: join(directory, "kills.jsonl"), clock }).readKills(new AbortController().signal)
  ).kills.map((kill) => kill.id);
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a kill", () => {
  test("stops exactly its target", () => {
    const dimmer = start();
    store.putKills(kills(killOf("a", "provider", "google"), killOf("b", "tool", "shell")));
    expect(dimmer.isKilled("provider", "google")).toBe(true);
    expect(dimmer.isKilled("provider", "meta")).toBe(false);
    expect(dimmer.isKilled("model", "google")).toBe(false);
    expect(dimmer.isKilled("provider")).toBe(false);
    expect(dimmer.isKilled("all")).toBe(false);
    store.putKills(kills(killOf("c", "all", "*")));
    expect(dimmer.isKilled("all")).toBe(true);
  });

  test("ends when it expires, by the wall clock, also when that is put right meanwhile", () => {
    const dimmer = start();
    const told: number[] = [];
    dimmer.on("kills", ({ active }) => told.push(active.length));
    const expiresAt = new Date(clock.nowMs() + 3 * 60 * 60 * 1000).toISOString();
    store.putKills(kills(killOf("a", "provider", "google", { expiresAt })));
    clock.advance(60 * 60 * 1000);
    clock.jumpTo(clock.nowMs() + 90 * 60 * 1000);
    expect(dimmer.isKilled("provider", "google")).toBe(true);
    clock.advance(30 * 60 * 1000);
    // Looked at again within the minute.
    clock.advance(60 * 1000);
    expect(dimmer.isKilled("provider", "google")).toBe(false);
    expect(told).toEqual([1, 0]);
  });

  test("by this process acts at once, is latched, and is told to every store", async () => {
    const dimmer = start();
    const outcome = dimmer.kill({
      scope: "model",
      target: "m",
      reason: "bad answers",
      by: "me",
      expiresAt: "2026-02-01T00:00:00+01:00",
    });
    expect(dimmer.isKilled("model", "m")).toBe(true);
    const record = {
      id: "id-2",
      scope: "model",
      target: "m",
      by: "me",
      reason: "bad answers",
      at: "2026-01-01T00:00:00.000Z",
      expiresAt: "2026-01-31T23:00:00.000Z",
    };
    nextId = 0;
    expect(await outcome).toMatchObject({
      kills: [{ ...record, id: expect.any(String) }],
      durable: true,
      acceptedBy: ["control-plane"],
    });
    expect(store.killSet.kills).toMatchObject([{ target: "m" }]);
    expect(await latched()).toHaveLength(1);
  });

  test.each<[string, KillInput, string]>([
    ["without a target", { scope: "provider" }, "target"],
    ["with an empty target", { scope: "provider", target: "" }, "target"],
    ["with an endless target", { scope: "tenant", target: "x".repeat(257) }, "target"],
    ["with an endless reason", { scope: "all", reason: "x".repeat(1025) }, "reason"],
    ["that has expired", { scope: "all", expiresAt: "2025-12-31T23:59:59Z" }, "expiresAt"],
    ["with a time that is none", { scope: "all", expiresAt: "soon" }, "expiresAt"],
  ])("%s is refused and changes nothing", async (_, input, field) => {
    const dimmer = start();
    await expect(dimmer.kill(input)).rejects.toMatchObject({ code: "invalid_request", details: { field } });
    expect(dimmer.activeKills).toEqual([]);
    expect(store.killSet).toEqual(emptyKillSet);
  });
});

describe("a revive", () => {
  test("names the kills this process has seen, and no others", async () => {
    const dimmer = start();
    store.putKills(
      kills(killOf("a", "provider", "google"), killOf("b", "provider", "google"), killOf("c", "provider", "meta")),
    );
    expect(await dimmer.revive({ scope: "provider", target: "google" })).toMatchObject({
      kills: [{ id: "a" }, { id: "b" }],
      durable: true,
    });
    expect(dimmer.activeKills.map((kill) => kill.id)).toEqual(["c"]);
    expect(store.killSet.revives).toMatchObject([{ killIds: ["a", "b"] }]);
    store.putKills(kills(killOf("d", "provider", "google")));
    expect(dimmer.isKilled("provider", "google")).toBe(true);
  });

  test("of what is not killed is refused", async () => {
    await expect(start().revive({ scope: "provider", target: "google" })).rejects.toMatchObject({
      code: "kill_not_found",
    });
  });
});

describe("a store", () => {
  test("that forgets, fails or is gone revives nothing", () => {
    const dimmer = start();
    store.putKills(kills(killOf("a", "provider", "google")));
    store.putKills(emptyKillSet);
    expect(dimmer.isKilled("provider", "google")).toBe(true);
    store.breakDown();
    expect(dimmer.isKilled("provider", "google")).toBe(true);
    expect(dimmer.status().killStores).toMatchObject([{ name: "control-plane", isReadable: false }, { name: "latch" }]);
    expect(dimmer.status().faults).toMatchObject([{ source: "control-plane", code: "store_unreadable" }]);
    store.repair();
    expect(dimmer.status()).toMatchObject({ killStores: [{ isReadable: true, ageMs: 0 }, {}], faults: [] });
  });

  test("is united with every other", () => {
    const other = createMemoryStore("other");
    const dimmer = start({ killStores: [store, other] });
    store.putKills(kills(killOf("a", "provider", "google")));
    other.putKills(mergeKillSets(kills(killOf("b", "provider", "meta")), revive("r", "a")));
    expect(dimmer.activeKills.map((kill) => kill.id)).toEqual(["b"]);
  });

  test("that was away is told of kills made meanwhile, when it is back", async () => {
    const dimmer = start();
    store.breakDown();
    expect(await dimmer.kill({ scope: "all" })).toMatchObject({ durable: true, acceptedBy: [] });
    expect(dimmer.isKilled("all")).toBe(true);
    store.repair();
    await vi.waitFor(() => expect(store.killSet.kills).toMatchObject([{ scope: "all" }]));
    expect(dimmer.status().faults).toEqual([]);
  });

  test("that refuses a kill is not asked again, and the refusal is a fault", async () => {
    const mergeKills = vi.fn<MemoryStore["mergeKills"]>(() =>
      Promise.reject(new DimmerError("forbidden", "The token may not kill.")),
    );
    const dimmer = start({ killStores: [{ ...store, mergeKills }] });
    expect(await dimmer.kill({ scope: "all" })).toMatchObject({ durable: true, acceptedBy: [] });
    expect(dimmer.status().faults).toMatchObject([{ source: "control-plane", code: "forbidden" }]);
    store.confirm();
    await settle();
    expect(mergeKills).toHaveBeenCalledTimes(1);
  });

  test("that does not answer holds up no kill beyond the deadline", async () => {
    const dimmer = start({
      killStores: [{ ...store, mergeKills: () => new Promise(() => undefined) }],
      readTimeoutMs: 300,
    });
    const killed = dimmer.kill({ scope: "all" });
    expect(dimmer.isKilled("all")).toBe(true);
    await settle();
    clock.advance(300);
    expect(await killed).toMatchObject({ durable: true, acceptedBy: [] });
  });

  test("of the environment kills for as long as the process runs, and is never latched", async () => {
    const environment = createEnvironmentKillStore(
      { DIMMER_KILL: "provider:google" },
      { nowMs: clock.nowMs(), id: "boot" },
    );
    if (environment === undefined) throw new Error("the variable is set");
    const dimmer = start({ killStores: [environment] });
    expect(dimmer.isKilled("provider", "google")).toBe(true);
    await expect(dimmer.revive({ scope: "provider", target: "google" })).rejects.toMatchObject({
      code: "kill_not_found",
      message: expect.stringContaining("remove it from DIMMER_KILL"),
    });
    await dimmer.kill({ scope: "provider", target: "meta" });
    await dimmer.close();
    const restarted = start({ killStores: [] });
    expect(restarted.isKilled("provider", "google")).toBe(false);
    expect(restarted.isKilled("provider", "meta")).toBe(true);
  });
});

describe("a restart", () => {
  test("stays killed from the first answer on, with everything else down", async () => {
    const first = start();
    store.putKills(kills(killOf("a", "provider", "google")));
    await first.close();
    const broken = createMemoryStore("control-plane");
    broken.breakDown();
    expect(start({ killStores: [broken] }).isKilled("provider", "google")).toBe(true);
  });

  test("drops from the latch what has expired", async () => {
    const first = start();
    store.putKills(
      kills(killOf("a", "provider", "google", { expiresAt: "2026-01-01T01:00:00Z" }), killOf("b", "provider", "meta")),
    );
    await first.close();
    clock.advance(2 * 60 * 60 * 1000);
    await start({ killStores: [] }).close();
    await vi.waitFor(async () => expect(await latched()).toEqual(["b"]));
  });

  test("with a latch that cannot be read goes on, and says so", async () => {
    await mkdir(join(directory, "kills.jsonl"));
    const dimmer = start();
    store.putKills(kills(killOf("a", "provider", "google")));
    expect(dimmer.isKilled("provider", "google")).toBe(true);
    await settle();
    expect(dimmer.status().durable).toBe(false);
    expect(dimmer.status().faults.map((fault) => fault.source)).toContain("directory");
  });

  test("is not needed for a kill that somebody writes into the latch", async () => {
    const dimmer = start();
    await createKillFile({ path: join(directory, "kills.jsonl"), clock }).mergeKills(
      kills(killOf("a", "provider", "google")),
    );
    await vi.waitFor(() => {
      clock.advance(1000);
      expect(dimmer.isKilled("provider", "google")).toBe(true);
    });
  });
});

describe("the control plane", () => {
  test("hears of a version when its kills act here and are latched", async () => {
    const reports: unknown[] = [];
    const report = vi.fn<(report: { killVersion: number; flagSetVersion: number }) => Promise<void>>(async (heard) => {
      reports.push([heard.killVersion, await latched()]);
    });
    const dimmer = start({ replica: { report } });
    store.putKills(kills(killOf("a", "provider", "google")), 7);
    expect(dimmer.status().killVersion).toBe(7);
    await vi.waitFor(() => expect(reports).toEqual([[7, ["a"]]]));
  });

  test("hears of a version all the same when the latch cannot be written", async () => {
    await mkdir(join(directory, "kills.jsonl"));
    const report = vi.fn<(report: { killVersion: number }) => Promise<void>>(() => Promise.resolve());
    start({ replica: { report } });
    store.putKills(kills(killOf("a", "provider", "google")), 7);
    await vi.waitFor(() => expect(report).toHaveBeenCalledWith({ flagSetVersion: 0, killVersion: 7 }));
  });

  test("is told again when it was away, and until it has heard", async () => {
    let isThere = false;
    const report = vi.fn<(report: { killVersion: number }) => Promise<void>>(() =>
      isThere ? Promise.resolve() : Promise.reject(new Error("away")),
    );
    const dimmer = start({ replica: { report } });
    store.putKills(emptyKillSet, 7);
    await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(1));
    await settle();
    expect(dimmer.status().faults).toMatchObject([{ source: "replica" }]);
    isThere = true;
    clock.advance(2000);
    await vi.waitFor(() => expect(dimmer.status().faults).toEqual([]));
    store.breakDown();
    store.repair();
    await vi.waitFor(() => expect(report).toHaveBeenCalledTimes(3));
  });
});
