import { readFileSync } from "node:fs";
import { join } from "node:path";
import { FlagdCore } from "@openfeature/flagd-core";
import type { FlagDefinitions } from "@dimmer/spec";
import { expect, test } from "vitest";
import { useControlPlane } from "../../test/control-plane.ts";
import { runDimmer } from "../../test/run-dimmer.ts";
import { temporaryDirectory } from "../../test/temporary-directory.ts";

const { open } = useControlPlane();

const definition = JSON.stringify({
  state: "ENABLED",
  variants: { on: true, off: false },
  defaultVariant: "off",
  safeVariant: "off",
  strategy: { type: "all-at-once" },
  prerequisites: ["orchestration_enabled"],
});

test("the set is printed as plain flagd, which flagd's own engine reads", async () => {
  const { env, act } = await open();
  await act("flags", "set", "beta", "--definition", definition);
  await act("flags", "set", "orchestration_enabled", "true");
  const run = await runDimmer(["export", "--format", "flagd"], env);
  expect(run.exitCode).toBe(0);
  const core = new FlagdCore();
  core.setConfigurations(run.stdout);
  expect(core.resolveBooleanEvaluation("beta", false, {}, console).value).toBe(true);
  // What was printed is one document of definitions.
  const { flags } = run.json as unknown as FlagDefinitions;
  expect(Object.keys(flags["beta"] ?? {}).toSorted()).toEqual(["defaultVariant", "state", "variants"]);
});

test("killed flags are written at their safe variant, and said; or left out", async () => {
  const { env, act } = await open();
  await act("flags", "set", "ai.streaming.enabled", "true");
  await act("kill", "flag", "ai.streaming.enabled");
  const exported = await runDimmer(["export"], env);
  expect(exported.json).toMatchObject({ flags: { "ai.streaming.enabled": { defaultVariant: "off" } } });
  expect(exported.stderr).toContain("ai.streaming.enabled");
  const without = await runDimmer(["export", "--without-kills"], env);
  expect(without.json).toMatchObject({ flags: { "ai.streaming.enabled": { defaultVariant: "on" } } });
});

test("a file is written, and over another one only with --force", async () => {
  const { env, act } = await open();
  const file = join(temporaryDirectory(), "flags.json");
  const { flags, version } = await act("export", "--out", file);
  expect(version).toEqual(expect.any(Number));
  // The file this test just had written.
  const written = JSON.parse(readFileSync(file, "utf8")) as FlagDefinitions;
  expect(Object.keys(written.flags).length).toBe(flags);
  const refused = await runDimmer(["export", "--out", file], env);
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain("--force");
  await act("export", "--out", file, "--force");
});

test("another format is refused by name", async () => {
  const { env } = await open();
  const run = await runDimmer(["export", "--format", "unleash"], env);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain("'unleash'");
});
