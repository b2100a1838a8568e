import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, evaluate } from "@dimmer/engine";
import { expect, test } from "vitest";
import { runDimmer } from "../../test/run-dimmer.ts";
import { temporaryDirectory } from "../../test/temporary-directory.ts";

function workplace(files: Readonly<Record<string, string>>): {
  path: (name: string) => string;
  read: (name: string) => unknown;
} {
  const directory = temporaryDirectory();
  const path = (name: string): string => join(directory, name);
  for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
  return { path, read: (name) => JSON.parse(readFileSync(path(name), "utf8")) };
}

test("the short form becomes the full one", async () => {
  const { path, read } = workplace({
    "short.json":
      '{"orchestration_enabled": {"enabled": false}, "beta": {"enabled": true, "config": {"rollout_strategy": "percentage", "percentage": 25}}}',
  });
  const run = await runDimmer(["init", "--from", path("short.json"), "--out", path("flags.json"), "--json"], {});
  expect(run.exitCode).toBe(0);
  expect(run.json).toEqual({ file: path("flags.json"), flags: ["orchestration_enabled", "beta"] });
  expect(read("flags.json")).toMatchObject({
    flags: {
      orchestration_enabled: { defaultVariant: "off" },
      beta: { strategy: { type: "percentage", percentage: 25 } },
    },
  });
});

test("YAML is read too", async () => {
  const { path, read } = workplace({ "short.yaml": "beta: # from the first of June\n  enabled: true\n" });
  await runDimmer(["init", "--from", path("short.yaml"), "--out", path("flags.json")], {});
  expect(read("flags.json")).toMatchObject({ flags: { beta: { defaultVariant: "on" } } });
});

test("without a file to turn, it writes one to start from, which compiles", async () => {
  const { path, read } = workplace({});
  expect((await runDimmer(["init", "--out", path("flags.json")], {})).exitCode).toBe(0);
  const compiled = compile(read("flags.json"));
  expect(compiled).toMatchObject({ ok: true, warnings: [] });
  expect(compiled.ok && evaluate(compiled.compiled, "max_suggestions", { region: "eu" }, 0).value).toBe(10);
});

test("all faults are listed with file, line and fix, and nothing is written", async () => {
  const { path } = workplace({
    "short.json": '{\n  "a": {"enabled": "yes"},\n  "b": {"enabled": true, "percentage": 200}\n}\n',
  });
  const run = await runDimmer(["init", "--from", path("short.json"), "--out", path("flags.json"), "--json"], {});
  expect(run.exitCode).toBe(2);
  expect(run.json).toMatchObject({
    error: {
      code: "flag_set_invalid",
      details: {
        faults: [
          { pointer: "/a/enabled", line: 2 },
          { pointer: "/b/percentage", line: 3 },
        ],
      },
    },
  });
  expect(run.stderr).toContain(`${path("short.json")}:2:20: /a/enabled`);
  expect(() => readFileSync(path("flags.json"))).toThrow("ENOENT");
});

test("text that is no JSON is refused with its line", async () => {
  const { path } = workplace({ "short.json": '{\n  "a": {enabled: true}\n}' });
  const run = await runDimmer(["init", "--from", path("short.json"), "--out", path("flags.json")], {});
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(`${path("short.json")}:2:`);
});

test("a file that exists is written over only with --force", async () => {
  const { path, read } = workplace({ "flags.json": "{}" });
  const refused = await runDimmer(["init", "--out", path("flags.json")], {});
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain("--force");
  expect(read("flags.json")).toEqual({});
  expect((await runDimmer(["init", "--out", path("flags.json"), "--force"], {})).exitCode).toBe(0);
  expect(read("flags.json")).toHaveProperty("flags");
});

test.each([
  ["by key", '{"flags": {}}'],
  ["in flagd's list", '{"flags": [{"key": "a", "state": "ENABLED", "variants": {"on": true}}]}'],
])("a file in the full form, %s, needs no turning", async (_, text) => {
  const { path } = workplace({ "full.json": text });
  const run = await runDimmer(["init", "--from", path("full.json"), "--out", path("flags.json")], {});
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain("in the full form already");
});

test("a file that is not there is named", async () => {
  const { path } = workplace({});
  const run = await runDimmer(["init", "--from", path("nowhere.json")], {});
  expect(run.stderr).toContain(path("nowhere.json"));
  expect(run.exitCode).not.toBe(0);
});
