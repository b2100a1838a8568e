import { expect, test } from "vitest";
import { useControlPlane } from "../../test/control-plane.ts";
import { runDimmer } from "../../test/run-dimmer.ts";

const { open } = useControlPlane();

test("status is one picture: stage, rollout, kills, replicas", async () => {
  const { env, act } = await open("canary");
  await act("stage", "shadow");
  await act("deploy", "--strategy", "safe");
  await act("kill", "provider", "google", "--reason", "refusals");
  expect(await act("status")).toMatchObject({
    stage: { current: "shadow" },
    rollouts: [{ flag: "phase_4_deployment", status: "running" }],
    activeKills: [{ target: "google" }],
    isReadOnly: false,
    isStorageWritable: true,
  });
  const { stdout } = await runDimmer(["status"], env);
  expect(stdout).toContain("● shadow");
  expect(stdout).toMatch(/phase_4_deployment attempt 1, plan safe: running\n.*█.* 5 %/);
  expect(stdout).toMatch(/✕ provider google {2}by .*: refusals/);
  expect(stdout).toContain("nobody is connected");
});

test("read-only mode stands at the top, and changes say how to leave it", async () => {
  const { env, act } = await open();
  await act("flags", "set", "read_only_mode", "true");
  expect((await runDimmer(["status"], env)).stdout).toContain("Read-only mode");
  const run = await runDimmer(["flags", "set", "ai.streaming.enabled", "true", "--json"], env);
  expect(run.exitCode).toBe(4);
  expect(run.json).toMatchObject({ error: { code: "read_only_mode" } });
  await act("kill", "all");
  await act("flags", "set", "read_only_mode", "false");
  await act("flags", "set", "ai.streaming.enabled", "true");
});

test("an environment that does not exist is refused", async () => {
  const { env } = await open();
  const run = await runDimmer(["status", "--environment", "nowhere", "--json"], env);
  expect(run.exitCode).toBe(2);
  expect(run.json).toMatchObject({ error: { code: "environment_not_found" } });
});

test("a wrong token is refused", async () => {
  const { env } = await open();
  const run = await runDimmer(["status", "--json"], { ...env, DIMMER_TOKEN: "wrong" });
  expect(run.exitCode).toBe(3);
  expect(run.json).toMatchObject({ error: { code: "unauthenticated" } });
});

test("audit lists what was done, newest first, each with its undo", async () => {
  const { env, environment, act } = await open();
  await act("flags", "set", "ai.streaming.enabled", "true", "--reason", "asked for");
  await act("stage", "shadow");
  const undo = `dimmer stage dark --environment ${environment}`;
  expect(await act("audit", "--limit", "2")).toMatchObject([
    { action: "stage-entered", undo },
    { action: "flags-changed", reason: "asked for" },
  ]);
  expect((await runDimmer(["audit"], env)).stdout).toMatch(
    /stage-entered shadow[\s\S]*undo: dimmer stage dark[\s\S]*asked for/,
  );
});
