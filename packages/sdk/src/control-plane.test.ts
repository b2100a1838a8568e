// The SDK with a control plane on a real socket, through the usual wiring.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startFakeControlPlane } from "@dimmer/api-client/testing";
import type { FakeControlPlane } from "@dimmer/api-client/testing";
import { connectFromEnvironment, createDimmerFromEnvironment } from "@dimmer/sdk";
import type { Dimmer, FromEnvironmentOptions } from "@dimmer/sdk";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { booleanFlag, definitionsOf, killOf } from "../test/fixtures.ts";

let server: FakeControlPlane;
let directory: string;
let open: Dimmer[];
beforeEach(async () => {
  server = await startFakeControlPlane(definitionsOf({ a: booleanFlag("on") }));
  directory = await mkdtemp(join(tmpdir(), "dimmer-env-"));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((dimmer) => dimmer.close()));
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

const start = (env: Record<string, string> = {}, options: FromEnvironmentOptions = {}): Dimmer => {
  const wiring = { DIMMER_URL: server.url, DIMMER_TOKEN: server.token, DIMMER_DIR: directory };
  const dimmer = createDimmerFromEnvironment({ ...wiring, ...env }, { flushIntervalMs: 20, ...options });
  open.push(dimmer);
  return dimmer;
};
const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { interval: 5, timeout: 5000 });

describe("with a control plane", () => {
  test("flags and kills arrive, and are acknowledged", async () => {
    const dimmer = start({}, { instanceId: "i1", kind: "gateway" });
    expect(await dimmer.ready()).toMatchObject({ isReady: true, source: "control-plane", durable: true, faults: [] });
    expect(dimmer.boolean("a", false)).toBe(true);
    const { version } = server.putFlags({ a: booleanFlag("off") });
    const { killVersion } = server.putKills({ kills: [killOf("k", "provider", "google")] });
    await until(() => expect(server.reports.get("i1")).toEqual({ flagSetVersion: version, killVersion }));
    expect([dimmer.boolean("a", true), dimmer.isKilled("provider", "google")]).toEqual([false, true]);
    expect(server.requests.find((request) => request.route === "stream")?.url).toContain("instanceId=i1&kind=gateway");
  });

  test("a restart of the server resumes the stream, and loses nothing", async () => {
    const dimmer = start();
    await dimmer.ready();
    await server.stop();
    await until(() => expect(dimmer.status().faults).not.toEqual([]));
    expect(dimmer.boolean("a", false)).toBe(true);
    await server.start();
    server.putFlags({ a: booleanFlag("off") });
    await until(() => expect(dimmer.boolean("a", true)).toBe(false));
    await until(() => expect(dimmer.status().faults).toEqual([]));
  });

  test("kills and revives of this process reach the server", async () => {
    const dimmer = start();
    await dimmer.ready();
    expect(await dimmer.kill({ scope: "all", reason: "now" })).toMatchObject({
      durable: true,
      acceptedBy: ["control-plane"],
    });
    expect(server.killState.active).toMatchObject([{ scope: "all", reason: "now" }]);
    await dimmer.revive({ scope: "all" });
    expect(server.killState.active).toEqual([]);
  });

  test("observations reach the server, the last at close", async () => {
    const dimmer = start();
    await dimmer.ready();
    const { version } = dimmer.details("a", false);
    dimmer.observe({ flag: "a", variant: "on", latencyMs: 3, isError: false });
    await until(() => expect(server.batches).toHaveLength(1));
    dimmer.observe({ flag: "a", variant: "on", latencyMs: 3, isError: true });
    await dimmer.close();
    expect(server.batches.flatMap((batch) => batch.observations)).toMatchObject([
      { flag: "a", setVersion: version, variant: "on", sequence: 0, requests: 1, errors: 0 },
      { flag: "a", sequence: 1, requests: 1, errors: 1 },
    ]);
  });

  test("that is down at the start, flags and kills come from the folder of this kind", async () => {
    const first = start();
    await first.ready();
    server.putKills({ kills: [killOf("k", "provider", "google")] });
    await until(() => expect(first.isKilled("provider", "google")).toBe(true));
    await first.close();
    await server.stop();
    const second = start();
    expect([second.boolean("a", false), second.isKilled("provider", "google")]).toEqual([true, true]);
    expect(await second.ready()).toMatchObject({ isReady: true, stores: [{ state: "restored" }] });
    expect(start({}, { kind: "other" }).boolean("a", false)).toBe(false);
  });

  test("whose token is refused says so, and nothing is served", async () => {
    const dimmer = start({ DIMMER_TOKEN: "wrong" });
    expect(await dimmer.ready({ timeoutMs: 300 })).toMatchObject({
      isReady: false,
      faults: expect.arrayContaining([expect.objectContaining({ code: "unauthenticated" })]),
    });
    expect(JSON.stringify(dimmer.status())).not.toContain("wrong");
  });
});

describe("from the environment", () => {
  test("a flag file overlays the control plane, overrides and kills both", async () => {
    const path = join(directory, "flags.yaml");
    await writeFile(path, "b:\n  enabled: true\na:\n  enabled: false\n");
    server.putFlags({ a: booleanFlag("on"), b: booleanFlag("off"), "c.d": booleanFlag("off"), e: booleanFlag("off") });
    const definitions = definitionsOf({ e: booleanFlag("off"), f: booleanFlag("off") });
    const dimmer = start(
      {
        DIMMER_FLAGS_FILE: path,
        DIMMER_FLAG_C_D: "true",
        E: "on",
        F: "true",
        DIMMER_KILL: "model:m",
        DIMMER_ENVIRONMENT: "default",
      },
      { definitions },
    );
    await dimmer.ready();
    const sources = ["a", "b", "c.d", "e", "f"].map((key) => [
      key,
      dimmer.details(key, false).value,
      dimmer.details(key, false).reason,
    ]);
    expect(sources).toEqual([
      ["a", false, "STATIC"],
      ["b", true, "STATIC"],
      ["c.d", true, "OVERRIDE"],
      ["e", true, "OVERRIDE"],
      ["f", true, "OVERRIDE"],
    ]);
    expect(dimmer.isKilled("model", "m")).toBe(true);
    expect(dimmer.status().stores).toMatchObject([
      { name: "file", flagCount: 2 },
      { name: "control-plane", flagCount: 2 },
    ]);
  });

  test("a flag file that is spoilt while it is followed keeps the old set, and names file, line, field and fix", async () => {
    const path = join(directory, "flags.json");
    await writeFile(path, JSON.stringify({ flags: { a: booleanFlag("off") } }, undefined, 2));
    const dimmer = start({ DIMMER_FLAGS_FILE: path });
    await dimmer.ready();
    await writeFile(
      path,
      JSON.stringify({ flags: { a: { ...booleanFlag("off"), defaultVariant: "onn" } } }, undefined, 2),
    );
    await until(() => expect(dimmer.status().faults).toHaveLength(1));
    expect(dimmer.status().faults[0]).toMatchObject({
      source: "file",
      message: expect.stringMatching(
        new RegExp(`^${path}:9:25 /flags/a/defaultVariant = "onn": .* The set in force stays\\.$`),
      ),
      fix: expect.stringContaining("on, off"),
    });
    expect(dimmer.boolean("a", true)).toBe(false);
    await writeFile(path, JSON.stringify({ flags: { a: booleanFlag("on") } }));
    await until(() => expect(dimmer.boolean("a", false)).toBe(true));
    expect(dimmer.status().faults).toEqual([]);
  });

  test("without anything is the definitions alone", async () => {
    const dimmer = createDimmerFromEnvironment(
      { DIMMER_DIR: directory },
      { definitions: definitionsOf({ a: booleanFlag("on", { safeVariant: "off" }) }) },
    );
    open.push(dimmer);
    expect(await dimmer.ready()).toMatchObject({ isReady: true, source: "definitions", stores: [] });
    expect(dimmer.boolean("a", true)).toBe(false);
  });

  test("finds the control plane that runs out of the folder", async () => {
    await writeFile(join(directory, "server.json"), JSON.stringify({ url: server.url }));
    await writeFile(join(directory, "admin-token"), `${server.token}\n`);
    const dimmer = createDimmerFromEnvironment({ DIMMER_DIR: directory, DIMMER_URL: "", DIMMER_TOKEN: "" });
    open.push(dimmer);
    expect(await dimmer.ready()).toMatchObject({ isReady: true, source: "control-plane" });
  });

  test("follows the folder's server to another port, where a kill reaches this process", async () => {
    const leave = (): Promise<void> => writeFile(join(directory, "server.json"), JSON.stringify({ url: server.url }));
    await leave();
    await writeFile(join(directory, "admin-token"), `${server.token}\n`);
    const dimmer = createDimmerFromEnvironment({ DIMMER_DIR: directory }, { instanceId: "i1" });
    open.push(dimmer);
    await dimmer.ready();
    await server.move();
    await leave();
    const { killVersion } = server.putKills({ kills: [killOf("k", "provider", "google")] });
    await until(() => expect(dimmer.isKilled("provider", "google")).toBe(true));
    await until(() => expect(server.reports.get("i1")).toMatchObject({ killVersion }));
    await until(() => expect(dimmer.status().faults).toEqual([]));
  });

  test("sends nothing to a stranger that listens where the folder's server did", async () => {
    await writeFile(join(directory, "server.json"), JSON.stringify({ url: server.url }));
    await writeFile(join(directory, "admin-token"), "of-this-folder");
    const dimmer = createDimmerFromEnvironment(
      { DIMMER_DIR: directory },
      { definitions: definitionsOf({ a: booleanFlag("on", { safeVariant: "off" }) }) },
    );
    open.push(dimmer);
    await expect.poll(() => server.requests.length).toBeGreaterThan(0);
    expect(server.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
    expect(dimmer.boolean("a", true)).toBe(false);
  });

  test.each([
    [{ DIMMER_URL: "localhost" }, "DIMMER_URL: The control plane's address 'localhost'"],
    [{ DIMMER_TOKEN: "two words" }, "DIMMER_TOKEN: The token is empty or holds characters"],
    [{ DIMMER_KILL: "google" }, "DIMMER_KILL holds 'google'"],
  ])("%j is refused and named", (env, message) => {
    expect(() => start(env)).toThrow(
      expect.objectContaining({ code: "config_invalid", message: expect.stringContaining(message) }),
    );
  });

  test("a client is made for whoever changes flags, or none", async () => {
    expect(connectFromEnvironment({ DIMMER_DIR: directory })).toBeUndefined();
    const connection = connectFromEnvironment({
      DIMMER_URL: server.url,
      DIMMER_TOKEN: server.token,
      DIMMER_ENVIRONMENT: "eu",
    });
    expect(connection?.environment).toBe("eu");
    expect((await connection?.client.getFlagSet({ params: { environment: "eu" } }))?.flags).toHaveProperty("a");
  });
});
