import { expect, test } from "vitest";
import { useControlPlane } from "../../test/control-plane.ts";
import { runDimmer, runPrinted } from "../../test/run-dimmer.ts";

const { open } = useControlPlane();

test("a stage is entered, and the undo it prints goes back", async () => {
  const { env, act } = await open();
  const entered = await act("stage", "shadow", "--reason", "first look");
  expect(entered).toMatchObject({
    stage: { current: "shadow" },
    changed: expect.arrayContaining(["ai.egress.enabled"]),
  });
  await runPrinted(entered["undo"], env);
  expect(await act("stage")).toMatchObject({ current: "dark" });
});

test("dark can be entered from anywhere, and the undo it prints leads back up", async () => {
  const { env, act } = await open();
  await act("stage", "shadow");
  await act("stage", "canary");
  const dark = await act("stage", "dark");
  await runPrinted(dark["undo"], env);
  expect(await act("stage")).toMatchObject({ current: "canary" });
});

test("the dial shows where the environment stands, and what has been changed since", async () => {
  const { env, act } = await open();
  await act("stage", "shadow");
  await act("flags", "set", "ai.streaming.enabled", "true");
  const { stdout } = await runDimmer(["stage"], env);
  expect(stdout).toContain("● shadow");
  expect(stdout).toContain("changed since: ai.streaming.enabled");
});

test.each([
  ["a stage that does not exist", ["bright"], 2, "stage_not_found"],
  ["a stage that would skip one", ["canary"], 4, "stage_order"],
])("%s is refused, and nothing changes", async (_what, args, exitCode, code) => {
  const { env, act } = await open();
  const run = await runDimmer(["stage", ...args, "--json"], env);
  expect(run.exitCode).toBe(exitCode);
  expect(run.json).toMatchObject({ error: { code } });
  expect(await act("stage")).toMatchObject({ current: "dark" });
});

test("active needs the rollout to be complete, or to be forced", async () => {
  const { env, act } = await open();
  await act("stage", "shadow");
  await act("stage", "canary");
  const run = await runDimmer(["stage", "active", "--json"], env);
  expect(run.exitCode).toBe(4);
  expect(run.json).toMatchObject({ error: { code: "stage_precondition" } });
  expect(await act("stage", "active", "--force")).toMatchObject({ stage: { current: "active" } });
});
