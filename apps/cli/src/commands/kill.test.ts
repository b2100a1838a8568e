import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findControlPlane } from "@dimmer/api-client/find-control-plane";
import { createKillFile } from "@dimmer/stores/file";
import { activeKills } from "@dimmer/spec/kill-set";
import type { Kill } from "@dimmer/spec";
import { describe, expect, test } from "vitest";
import { useControlPlane } from "../../test/control-plane.ts";
import { runDimmer, runPrinted, spawnDimmer } from "../../test/run-dimmer.ts";
import { temporaryDirectory } from "../../test/temporary-directory.ts";

const { open } = useControlPlane();

describe("with a control plane", () => {
  test("kills a provider, and the undo it prints revives it", async () => {
    const { client, params, env, act } = await open();
    const killed = await act("kill", "provider", "google", "--reason", "refusals");
    expect(killed).toMatchObject({
      through: "control-plane",
      durable: true,
      kills: [{ scope: "provider", target: "google", reason: "refusals" }],
    });
    await runPrinted(killed["undo"], env);
    expect((await client.getKills({ params })).active).toEqual([]);
  });

  test("revives by id, and the undo it prints kills again", async () => {
    const { client, params, env, act } = await open();
    await act("kill", "model", "gpt-4o");
    const [kill] = (await client.getKills({ params })).active;
    const revived = await act("revive", kill?.id ?? "");
    expect((await client.getKills({ params })).active).toEqual([]);
    await runPrinted(revived["undo"], env);
    expect((await client.getKills({ params })).active).toMatchObject([{ scope: "model", target: "gpt-4o" }]);
  });

  test("kills everything", async () => {
    const { client, params, act } = await open();
    await act("kill", "all");
    expect((await client.getKills({ params })).active).toMatchObject([{ scope: "all", target: "*" }]);
  });

  test("ends by itself with --for", async () => {
    const { act } = await open();
    const { kills } = await act("kill", "route", "chat", "--for", "10m");
    expect(kills).toMatchObject([{ expiresAt: expect.stringMatching(/Z$/) }]);
  });

  test("says how long it lasts where this machine's clock is not the control plane's", async () => {
    const { env } = await open();
    const ahead = "const now = Date.now; Date.now = () => now() + 172_800_000;";
    const clock = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(ahead)}` };
    const run = await spawnDimmer(["kill", "route", "chat", "--for", "10m"], { ...env, ...clock });
    expect(run.stdout).toContain(
      "the clock of this machine differs from that of the control plane: there the kill lasts 2890 min",
    );
  });

  test("says when it ends", async () => {
    const { env } = await open();
    const { stdout } = await runDimmer(["kill", "route", "chat", "--for", "10m"], env);
    expect(stdout).not.toContain("clock");
    expect(stdout).toMatch(/killed route chat until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: /);
  });

  test("a target nobody killed cannot be revived", async () => {
    const { env } = await open();
    const run = await runDimmer(["revive", "provider", "google", "--json"], env);
    expect(run.exitCode).toBe(2);
    expect(run.json).toMatchObject({ error: { code: "kill_not_found" } });
  });

  test("a wrong token is refused, and nothing lands in the kill log", async () => {
    const { env, client, params } = await open();
    const run = await runDimmer(["kill", "all", "--token", "wrong", "--json"], env);
    expect(run.exitCode).toBe(3);
    expect(run.json).toMatchObject({ error: { code: "unauthenticated" } });
    expect((await client.getKills({ params })).active).toEqual([]);
  });

  test("the real binary does it", async () => {
    const { env, client, params } = await open();
    const run = await spawnDimmer(["kill", "tenant", "acme corp"], { ...env });
    expect(run.stdout).toContain(`undo: dimmer revive tenant 'acme corp' --environment ${params.environment}`);
    expect((await client.getKills({ params })).active).toMatchObject([{ scope: "tenant", target: "acme corp" }]);
  });
});

describe("without a control plane", () => {
  test("a kill lands in the kill log, and says so", async () => {
    const directory = temporaryDirectory();
    const run = await spawnDimmer(["kill", "provider", "google", "--reason", "at night"], { DIMMER_DIR: directory });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("written into the kill log");
    expect(await killsIn(directory)).toMatchObject([{ scope: "provider", target: "google", reason: "at night" }]);
  });

  test("the undo it prints works without a control plane too", async () => {
    const env = { DIMMER_DIR: temporaryDirectory(), DIMMER_ENVIRONMENT: "staging" };
    const killed = await runDimmer(["kill", "provider", "it's google", "--json"], env);
    expect(killed.json).toMatchObject({
      through: "kill-log",
      undo: `dimmer revive provider 'it'\\''s google' --environment staging`,
    });
    const revived = await runPrinted(killed.json["undo"], env);
    expect(await killsIn(env.DIMMER_DIR, "staging")).toEqual([]);
    await runPrinted(revived.json["undo"], env);
    expect(await killsIn(env.DIMMER_DIR, "staging")).toMatchObject([{ target: "it's google" }]);
  });

  test("a server that left its address and is gone is as good as none", async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, "server.json"), JSON.stringify({ url: "http://127.0.0.1:9", pid: 1 }));
    const run = await runDimmer(["kill", "all", "--json"], { DIMMER_DIR: directory });
    expect(run.json).toMatchObject({ through: "kill-log" });
    expect(await killsIn(directory)).toMatchObject([{ scope: "all" }]);
  });

  test("nor does a stranger that listens where it did take the kill", async () => {
    const directory = temporaryDirectory();
    const { env } = await open();
    const { url } = findControlPlane(env) ?? {};
    writeFileSync(join(directory, "server.json"), JSON.stringify({ url, pid: 1 }));
    writeFileSync(join(directory, "admin-token"), "of-this-folder");
    const run = await runDimmer(["kill", "all", "--json"], { DIMMER_DIR: directory });
    expect(run.json).toMatchObject({ through: "kill-log" });
    expect(await killsIn(directory)).toMatchObject([{ scope: "all" }]);
  });

  test("a control plane named by address may be elsewhere: no log is written here unless asked for", async () => {
    const env = { DIMMER_DIR: temporaryDirectory(), DIMMER_URL: "http://127.0.0.1:9" };
    const refused = await runDimmer(["kill", "all", "--json"], env);
    expect(refused.exitCode).toBe(5);
    expect(refused.stderr).toContain("--local");
    expect(await killsIn(env.DIMMER_DIR)).toEqual([]);
    expect((await runDimmer(["kill", "all", "--local"], env)).exitCode).toBe(0);
    expect(await killsIn(env.DIMMER_DIR)).toMatchObject([{ scope: "all" }]);
  });

  test("a kill log that cannot be written is an error, because nothing has happened", async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, "kills-default.jsonl"));
    const run = await runDimmer(["kill", "all", "--json"], { DIMMER_DIR: directory });
    expect(run.exitCode).toBe(5);
    expect(run.json).toMatchObject({
      error: { code: "storage_unavailable", message: expect.stringContaining("nothing has happened") },
    });
  });

  test("what nobody killed cannot be revived, and the log stays as it is", async () => {
    const directory = temporaryDirectory();
    await runDimmer(["kill", "provider", "google"], { DIMMER_DIR: directory });
    const path = join(directory, "kills-default.jsonl");
    const before = readFileSync(path, "utf8");
    const run = await runDimmer(["revive", "provider", "meta", "--json"], { DIMMER_DIR: directory });
    expect(run.json).toMatchObject({ error: { code: "kill_not_found" } });
    expect(readFileSync(path, "utf8")).toBe(before);
  });
});

async function killsIn(directory: string, environment = "default"): Promise<readonly Kill[]> {
  const store = createKillFile({ path: join(directory, `kills-${environment}.jsonl`) });
  return activeKills(await store.readKills(new AbortController().signal), Date.now());
}
