import { describe, expect, test } from "vitest";
import { useControlPlane } from "../../test/control-plane.ts";
import { runDimmer, runPrinted } from "../../test/run-dimmer.ts";

const { open } = useControlPlane();

test("a plan starts on phase_4_deployment when no flag is named, and the undo it prints rolls it back", async () => {
  const { env, client, params, act } = await open("canary");
  const started = await act("deploy", "--strategy", "safe", "--reason", "v2");
  expect(started).toMatchObject({
    flag: "phase_4_deployment",
    status: "running",
    linkedFlags: ["aatc_system_enabled"],
    plan: { name: "safe" },
  });
  await runPrinted(started["undo"], env);
  expect((await client.listRollouts({ params }))[0]).toMatchObject({ status: "rolled-back" });
});

test("a custom plan is what its options say", async () => {
  const { act } = await open("canary");
  const options = [
    "--steps",
    "5, 50, 100",
    "--bake",
    "2s",
    "--soak",
    "1m",
    "--min-requests",
    "20",
    "--max-error-rate",
    "2.5%",
    "--max-p95",
    "300",
  ];
  expect(await act("deploy", "--strategy", "custom", "--flag", "ai.streaming.enabled", ...options)).toMatchObject({
    flag: "ai.streaming.enabled",
    linkedFlags: [],
    plan: {
      steps: [
        { weightPercent: 5, bakeMs: 2000 },
        { weightPercent: 50, bakeMs: 2000 },
        { weightPercent: 100, bakeMs: 60_000 },
      ],
      minRequestsPerArm: 20,
      maxErrorRate: 0.025,
      maxLatencyMs: 300,
    },
  });
});

test("--force starts a rollout of a flag that nobody would get", async () => {
  const { act } = await open("dark");
  expect(await act("deploy", "--strategy", "safe", "--force")).toMatchObject({ status: "running" });
});

test("an instant rollout starts when it is confirmed", async () => {
  const { act } = await open("canary");
  expect(await act("deploy", "--strategy", "instant", "--yes")).toMatchObject({
    plan: { steps: [{ weightPercent: 100 }] },
  });
});

test("pause and resume take each other back, by the undo they print", async () => {
  const { env, act } = await open("canary");
  await act("deploy", "--strategy", "safe");
  const paused = await act("pause", "--reason", "lunch");
  expect(paused).toMatchObject({ status: "paused" });
  const resumed = await runPrinted(paused["undo"], env);
  expect(resumed.json).toMatchObject({ status: "running" });
  expect((await runPrinted(resumed.json["undo"], env)).json).toMatchObject({ status: "paused" });
});

test("promote takes the next step", async () => {
  const { act } = await open("canary");
  await act("deploy", "--strategy", "safe");
  expect(await act("promote")).toMatchObject({ stepIndex: 1 });
});

test("rollback names the command that starts the same plan again, and it does", async () => {
  const { env, act } = await open("canary");
  const plan = ["--steps", "10,100", "--bake", "36h", "--max-error-rate", "7"];
  const { plan: first } = await act("deploy", "--strategy", "custom", "--flag", "ai.streaming.enabled", ...plan);
  const { stdout } = await runDimmer(["rollback", "ai.streaming.enabled"], env);
  const command = /start again: (.+)$/m.exec(stdout)?.[1] ?? "";
  expect(command).toMatch(/ --environment test-\d+$/);
  expect((await runPrinted(command, env)).json).toMatchObject({ attempt: 2, plan: first });
});

test("rollback turns the flag to 0", async () => {
  const { env, client, params, act } = await open("canary");
  await act("deploy", "--strategy", "instant", "--yes", "--flag", "ai.streaming.enabled");
  const { stdout } = await runDimmer(["rollback", "ai.streaming.enabled"], env);
  expect(stdout).toContain("rolled back");
  expect((await client.getFlag({ params: { ...params, flag: "ai.streaming.enabled" } })).exposure).toMatch(
    /^(false|0 %)$/,
  );
});

describe("is refused, and nothing changes:", () => {
  test.each([
    ["an unknown plan", ["--strategy", "quick"], 2, "plan_not_found"],
    ["steps that do not rise", ["--strategy", "custom", "--steps", "50,25,100", "--bake", "1s"], 2, "plan_invalid"],
    ["steps that do not end at 100", ["--strategy", "custom", "--steps", "5,50", "--bake", "1s"], 2, "plan_invalid"],
    ["an unknown flag", ["--flag", "no_such_flag"], 2, "flag_not_found"],
    ["a locked flag", ["--flag", "otel_enabled"], 4, "flag_locked"],
  ])("%s", async (_what, args, exitCode, code) => {
    const { env, client, params } = await open("canary");
    const { version } = await client.getStatus({ params });
    const run = await runDimmer(["deploy", ...args, "--json"], env);
    expect(run.exitCode).toBe(exitCode);
    expect(run.json).toMatchObject({ error: { code } });
    expect(await client.listRollouts({ params })).toEqual([]);
    expect((await client.getStatus({ params })).version).toBe(version);
  });

  test("a flag that nobody would get, with the command that changes that", async () => {
    const { env, client, params, act } = await open("dark");
    const run = await runDimmer(["deploy", "--strategy", "safe"], env);
    expect(run.exitCode).toBe(4);
    const command = /it needs 'orchestration_enabled', which is off for everyone. '(.+)' turns it on\./.exec(
      run.stderr,
    )?.[1];
    expect(command).toBe(`dimmer stage shadow --environment ${params.environment}`);
    expect(await client.listRollouts({ params })).toEqual([]);
    await runPrinted(command, env);
    expect(await act("deploy", "--strategy", "safe")).toMatchObject({ status: "running" });
  });

  test("a second rollout on a flag that has one", async () => {
    const { env, client, params, act } = await open("canary");
    await act("deploy");
    const run = await runDimmer(["deploy", "--strategy", "fast", "--json"], env);
    expect(run.exitCode).toBe(4);
    expect(run.json).toMatchObject({ error: { code: "rollout_exists" } });
    expect(await client.listRollouts({ params })).toHaveLength(1);
  });

  test.each(["pause", "resume", "promote", "rollback"])("%s where there was no rollout", async (action) => {
    const { env } = await open("canary");
    const run = await runDimmer([action, "--json"], env);
    expect(run.exitCode).toBe(2);
    expect(run.json).toMatchObject({ error: { code: "rollout_not_found" } });
  });

  test("resuming what runs", async () => {
    const { env, act } = await open("canary");
    await act("deploy");
    const run = await runDimmer(["resume", "--json"], env);
    expect(run.exitCode).toBe(4);
    expect(run.json).toMatchObject({ error: { code: "rollout_not_active" } });
  });
});
