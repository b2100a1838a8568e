import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { DefinedFlags } from "@dimmer/sdk";
import { describe, expect, onTestFinished, test } from "vitest";
import { useControlPlane } from "../../test/control-plane.ts";
import { runDimmer } from "../../test/run-dimmer.ts";
import { temporaryDirectory } from "../../test/temporary-directory.ts";

const root = resolve(import.meta.dirname, "../../../..");
const { open } = useControlPlane();

/** A folder with these files. */
function workplace(files: Readonly<Record<string, unknown>> = {}): {
  path: (name: string) => string;
  read: (name: string) => string;
} {
  const directory = temporaryDirectory();
  const path = (name: string): string => join(directory, name);
  for (const [name, content] of Object.entries(files))
    writeFileSync(path(name), typeof content === "string" ? content : JSON.stringify(content));
  return { path, read: (name) => readFileSync(path(name), "utf8") };
}

const help = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "on" };
const mode = {
  state: "DISABLED",
  variants: { off: "off", "log-only": "log-only" },
  defaultVariant: "log-only",
  safeVariant: "off",
  onVariants: ["log-only"],
  strategy: { type: "percentage", percentage: 5 },
  prerequisites: ["help"],
  description: "How strict it is.",
};

const moduleOfBoth = `// Made by \`dimmer codegen\`. Do not edit: run it again.
import { defineFlags } from "@dimmer/sdk";

export const flags = defineFlags({
  flags: {
    help: {
      state: "ENABLED",
      variants: { off: false, on: true },
      safeVariant: "off",
    },
    mode: {
      state: "ENABLED",
      variants: { "log-only": "log-only", off: "off" },
      safeVariant: "off",
      onVariants: ["log-only"],
    },
  },
});
`;

describe("the module", () => {
  test("has what types and fallbacks need, and nothing that operating the flags changes", async () => {
    const { path, read } = workplace({ "flags.json": { flags: { help, mode } } });
    const run = await runDimmer(["codegen", "--from", path("flags.json"), "--out", path("flags.gen.ts"), "--json"], {});
    expect(run.exitCode).toBe(0);
    expect(run.json).toEqual({ file: path("flags.gen.ts"), flags: ["help", "mode"] });
    expect(read("flags.gen.ts")).toBe(moduleOfBoth);
  });

  test.each([
    ["flags in another order", JSON.stringify({ flags: { mode, help } })],
    ["a flag turned off", JSON.stringify({ flags: { help: { ...help, defaultVariant: "off" }, mode } })],
    ["YAML", `flags: {help: ${JSON.stringify(help)}, mode: ${JSON.stringify(mode)}}`],
  ])("is the same for %s", async (_what, text) => {
    const { path } = workplace({ "flags.yaml": text });
    const run = await runDimmer(["codegen", "--from", path("flags.yaml")], {});
    expect(run.stdout).toBe(moduleOfBoth);
  });

  test("is made of the short form too", async () => {
    const { path } = workplace({ "short.json": { help: { enabled: true } } });
    const run = await runDimmer(["codegen", "--from", path("short.json"), "--json"], {});
    expect(run.json).toMatchObject({ flags: ["help"], module: expect.stringContaining("help: {") });
  });

  test("is made of a server's flags, and current while these are only turned up and down", async () => {
    const { env, act } = await open();
    const { path, read } = workplace();
    const args = ["codegen", "--out", path("flags.gen.ts")];
    expect((await runDimmer(args, env)).exitCode).toBe(0);
    expect(read("flags.gen.ts")).toContain('"ai.guardrails.mode": {');
    await act("flags", "set", "ai.guardrails.mode", "block");
    await act("flags", "set", "orchestration_shadow", "--percentage", "25");
    await act("kill", "flag", "ai.streaming.enabled");
    expect((await runDimmer([...args, "--check"], env)).exitCode).toBe(0);
    await act("flags", "set", "brand.new", "--definition", JSON.stringify(help));
    expect((await runDimmer([...args, "--check"], env)).exitCode).toBe(1);
  });

  test("compiles, types its flags, and says what the file says, whatever the names and values are", async () => {
    const hostile = {
      "a b": { state: "ENABLED", variants: { "?": "*/ `${x}` \" ' \\ \n\u2028", "é-1": "plain" }, defaultVariant: "?" },
      "__proto-like": {
        state: "ENABLED",
        variants: { x: { constructor: [1, [null, true], {}], "y z": -0.5e-7 } },
        defaultVariant: "x",
      },
      "1": { state: "ENABLED", variants: { one: 1, two: 2 }, defaultVariant: "one" },
    };
    const { path } = workplace({ "flags.json": { flags: hostile } });
    // Beside the packages it imports.
    mkdirSync(join(root, "node_modules/.cache"), { recursive: true });
    const folder = mkdtempSync(join(root, "node_modules/.cache/dimmer-codegen-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "flags.gen.ts");
    expect((await runDimmer(["codegen", "--from", path("flags.json"), "--out", file], {})).stderr).toBe("");

    writeFileSync(
      join(folder, "typed.ts"),
      `import { createDimmer } from "@dimmer/sdk";
       import { flags } from "./flags.gen.ts";
       const typed = flags.bind(createDimmer({ stores: [], definitions: flags.definitions }));
       export const one: 1 | 2 = typed.get("1");
       export const plain: boolean = typed.get("a b") === "plain";
       // @ts-expect-error -- there is no such flag
       typed.get("2");`,
    );
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    const compilerOptions = { types: ["node"] };
    const extended = join(root, "tsconfig.base.json");
    writeFileSync(
      join(folder, "tsconfig.json"),
      JSON.stringify({ extends: extended, compilerOptions, files: ["typed.ts"] }),
    );
    const compiled = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", folder]);
    expect(compiled.stdout.toString()).toBe("");

    const { flags } = (await import(file)) as { flags: DefinedFlags<unknown> };
    for (const [key, { variants }] of Object.entries(hostile))
      expect(flags.definitions.flags[key]?.variants).toEqual(variants);
  });
});

describe("--check", () => {
  test("says whether the file is what would be written, and writes nothing", async () => {
    const { path, read } = workplace({
      "flags.json": { flags: { help, mode } },
      "crlf.ts": moduleOfBoth.replaceAll("\n", "\r\n"),
    });
    const check = (out: string): ReturnType<typeof runDimmer> =>
      runDimmer(["codegen", "--from", path("flags.json"), "--out", path(out), "--check", "--json"], {});
    expect(await check("missing.ts")).toMatchObject({ exitCode: 1, json: { isCurrent: false } });
    expect(existsSync(path("missing.ts"))).toBe(false);
    expect(await check("crlf.ts")).toMatchObject({ exitCode: 0, json: { isCurrent: true, flags: ["help", "mode"] } });
    writeFileSync(path("old.ts"), moduleOfBoth.replace("log-only", "log"));
    expect(await check("old.ts")).toMatchObject({ exitCode: 1, json: { isCurrent: false } });
    expect(read("old.ts")).not.toBe(moduleOfBoth);
  });

  test("needs to know which file", async () => {
    const run = await runDimmer(["codegen", "--check"], {});
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining("Say with --out which file")]);
  });
});

describe("is refused, and writes nothing", () => {
  const refused = async (flags: unknown, out = "flags.gen.ts"): Promise<{ stderr: string; isWritten: boolean }> => {
    const { path } = workplace({ "flags.json": typeof flags === "string" ? flags : { flags } });
    const run = await runDimmer(["codegen", "--from", path("flags.json"), "--out", path(out)], {});
    expect(run.exitCode).toBe(2);
    return { stderr: run.stderr, isWritten: existsSync(path(out)) };
  };

  test("a file with faults, each named by its line", async () => {
    const text =
      '{"flags": {\n "a": {"state": "ON", "variants": {"x": 1}},\n "b": {"state": "ENABLED", "variants": {}}}}';
    const { stderr, isWritten } = await refused(text);
    expect(stderr).toMatch(/flags\.json:2:\d+: \/flags\/a\/state/);
    expect(stderr).toMatch(/flags\.json:3:\d+: \/flags\/b\/variants/);
    expect(isWritten).toBe(false);
  });

  test("a short form with faults", async () => {
    expect((await refused('{"a": {"enabled": "yes"}}')).stderr).toMatch(/flags\.json:1:\d+: \/a\/enabled/);
  });

  test("flags without a variant to fall back on", async () => {
    const bare = { state: "ENABLED", variants: { x: "x" }, defaultVariant: null };
    const { stderr, isWritten } = await refused({ z: bare, a: bare, help });
    expect(stderr).toContain("a, z.");
    expect(isWritten).toBe(false);
  });

  test("a file that cannot be read, or written", async () => {
    const { path } = workplace({ "flags.json": { flags: { help } } });
    const missing = await runDimmer(["codegen", "--from", path("none.json")], {});
    expect([missing.exitCode, missing.stderr]).toEqual([2, expect.stringContaining("none.json")]);
    const nowhere = await runDimmer(["codegen", "--from", path("flags.json"), "--out", path("no/flags.gen.ts")], {});
    expect([nowhere.exitCode, nowhere.stderr]).toEqual([2, expect.stringContaining("cannot be written")]);
  });

  test("a module somebody wrote by hand", async () => {
    const { path, read } = workplace({ "flags.json": { flags: { help } }, "flags.ts": "export const mine = 1;\n" });
    const run = await runDimmer(["codegen", "--from", path("flags.json"), "--out", path("flags.ts")], {});
    expect([run.exitCode, run.stderr]).toEqual([2, expect.stringContaining("was not made by this command")]);
    expect(read("flags.ts")).toBe("export const mine = 1;\n");
  });
});
