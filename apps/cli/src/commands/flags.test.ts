import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { useControlPlane } from "../../test/control-plane.ts";
import { runDimmer, runPrinted } from "../../test/run-dimmer.ts";
import { temporaryDirectory } from "../../test/temporary-directory.ts";

const { open } = useControlPlane();

describe("list and get", () => {
  test("every flag is shown, with what keeps it from acting or from being set", async () => {
    const { env, act } = await open();
    expect(await act("flags", "list")).toContainEqual(
      expect.objectContaining({ key: "ai.egress.enabled", value: false }),
    );
    const { stdout } = await runDimmer(["flags", "list"], env);
    expect(stdout).toMatch(/^ai\.bandit\.mode .*inert: /m);
    expect(stdout).toMatch(/^otel_enabled .*locked: /m);
  });

  test("a killed flag and a flag that a rollout owns say so", async () => {
    const { env, act } = await open("canary");
    await act("kill", "flag", "ai.streaming.enabled");
    await act("deploy", "--strategy", "safe");
    const { stdout } = await runDimmer(["flags", "list"], env);
    expect(stdout).toMatch(/^ai\.streaming\.enabled .*killed/m);
    expect(stdout).toMatch(/^phase_4_deployment .*owned by rollout /m);
  });

  test("one flag is shown with its variants", async () => {
    const { env, act } = await open();
    expect(await act("flags", "get", "ai.guardrails.mode")).toMatchObject({ key: "ai.guardrails.mode", value: "off" });
    expect((await runDimmer(["flags", "get", "ai.guardrails.mode"], env)).stdout).toContain('log-only = "log-only"');
  });

  test("a flag that does not exist is refused", async () => {
    const { env } = await open();
    const run = await runDimmer(["flags", "get", "orchestraton_enabled", "--json"], env);
    expect(run.exitCode).toBe(2);
    expect(run.json).toMatchObject({ error: { code: "flag_not_found" } });
  });
});

describe("set", () => {
  test.each([
    ["a value", "ai.streaming.enabled", ["true"], "true"],
    ["a word", "ai.guardrails.mode", ["log-only"], "log-only"],
    ["a percentage", "orchestration_shadow", ["--percentage", "25%"], "25 %"],
  ])("%s, and the undo it prints puts the flag back exactly", async (_what, key, args, exposure) => {
    const { client, params, env, act } = await open();
    await act("flags", "set", "orchestration_enabled", "true");
    const before = await client.getFlag({ params: { ...params, flag: key } });
    const changed = await act("flags", "set", key, ...args);
    expect(changed).toMatchObject({ changed: [key] });
    expect((await client.getFlag({ params: { ...params, flag: key } })).exposure).toBe(exposure);
    await runPrinted(changed["undo"], env);
    expect(await client.getFlag({ params: { ...params, flag: key } })).toEqual(before);
  });

  test("a new flag by its definition, and the undo it prints removes it", async () => {
    const { client, params, env, act } = await open();
    const definition = {
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "on",
      description: "it's new",
    };
    const created = await act("flags", "set", "new_flag", "--definition", JSON.stringify(definition));
    expect((await client.getFlagSet({ params })).flags["new_flag"]).toEqual(definition);
    const removed = await runPrinted(created["undo"], env);
    expect((await client.getFlagSet({ params })).flags).not.toHaveProperty("new_flag");
    await runPrinted(removed.json["undo"], env);
    expect((await client.getFlagSet({ params })).flags["new_flag"]).toEqual(definition);
  });

  test("a kill switch, and the undo it prints revives", async () => {
    const { client, params, env, act } = await open();
    const changed = await act("flags", "set", "ai.killswitch.provider.google", "true");
    expect((await client.getKills({ params })).active).toMatchObject([{ scope: "provider", target: "google" }]);
    expect(await act("flags", "get", "ai.killswitch.provider.google")).toMatchObject({ value: true });
    await runPrinted(changed["undo"], env);
    expect(await act("flags", "get", "ai.killswitch.provider.google")).toMatchObject({ value: false });
  });

  test.each([
    ["a locked flag", ["otel_enabled", "false"], 4, "flag_locked"],
    ["a flag that does not exist", ["no_such_flag", "true"], 2, "flag_not_found"],
    ["a value of no variant", ["ai.guardrails.mode", "blok"], 2, "flag_type_mismatch"],
    [
      "a definition with faults",
      ["new_flag", "--definition", '{"state":"ENABLED","variants":{"on":true},"defaultVariant":"of"}'],
      2,
      "flag_set_invalid",
    ],
    ["a definition of another form", ["new_flag", "--definition", '{"state":"MAYBE"}'], 2, "invalid_request"],
  ])("%s is refused, and nothing changes", async (_what, args, exitCode, code) => {
    const { client, params, env } = await open();
    const { version } = await client.getStatus({ params });
    const run = await runDimmer(["flags", "set", ...args, "--json"], env);
    expect(run.exitCode).toBe(exitCode);
    expect(run.json).toMatchObject({ error: { code } });
    expect((await client.getStatus({ params })).version).toBe(version);
  });

  test("the exposure of a flag that a rollout owns is refused", async () => {
    const { env, act } = await open("canary");
    await act("deploy", "--strategy", "safe");
    const run = await runDimmer(["flags", "set", "phase_4_deployment", "--percentage", "50", "--json"], env);
    expect(run.exitCode).toBe(4);
    expect(run.json).toMatchObject({ error: { code: "flag_owned_by_rollout" } });
  });
});

describe("import", () => {
  function write(name: string, text: string): string {
    const path = join(temporaryDirectory(), name);
    writeFileSync(path, text);
    return path;
  }
  const onOff = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };

  test("a file of flagd's becomes part of the set at once, and the undo it prints takes it out", async () => {
    const { client, params, env, act } = await open();
    const before = (await client.getFlagSet({ params })).flags;
    const text = `
      metadata: {team: shop}
      $evaluators: {isPro: {"==": [{var: plan}, pro]}}
      flags:
        parent: {state: ENABLED, variants: {"on": true, "off": false}, defaultVariant: "off"}
        child:
          state: ENABLED
          variants: {"on": true, "off": false}
          defaultVariant: "off"
          prerequisites: [parent]
          metadata: {team: search}
          targeting: {if: [{and: [{$ref: isPro}, true]}, "on", null]}
    `;
    const changed = await act("flags", "import", write("flags.yaml", text), "--reason", "moved");
    expect((await client.getFlagSet({ params })).flags).toEqual({
      ...before,
      parent: { ...onOff, metadata: { team: "shop" } },
      child: {
        ...onOff,
        prerequisites: ["parent"],
        metadata: { team: "search" },
        targeting: { if: [{ and: [{ "==": [{ var: "plan" }, "pro"] }, true] }, "on", null] },
      },
    });
    for (const command of String(changed["undo"]).split(" && ")) await runPrinted(command, env);
    expect((await client.getFlagSet({ params })).flags).toEqual(before);
  });

  test.each([
    ["flags as a list", { flags: [{ key: "one", ...onOff }] }],
    ["the short form", { one: { enabled: false } }],
  ])("%s is taken too", async (_what, document) => {
    const { act } = await open();
    const path = write("flags.json", JSON.stringify(document));
    expect(await act("flags", "import", path)).toMatchObject({ changed: ["one"] });
  });

  test.each([
    ["no such file", "none.json", undefined, "usage"],
    ["a fault", "flags.json", { flags: { one: { ...onOff, defaultVariant: "of" } } }, "flag_set_invalid"],
    ["another bucketing", "flags.json", { bucketing: "flagd-v1", flags: { one: onOff } }, "usage"],
    ["a locked flag", "flags.json", { flags: { one: onOff, otel_enabled: onOff } }, "flag_locked"],
  ])("%s is refused, and nothing changes", async (_what, name, document, code) => {
    const { client, params, env } = await open();
    const { version } = await client.getStatus({ params });
    const path = document === undefined ? join(temporaryDirectory(), name) : write(name, JSON.stringify(document));
    const run = await runDimmer(["flags", "import", path, "--json"], env);
    expect(run.json).toMatchObject({ error: { code } });
    expect((await client.getStatus({ params })).version).toBe(version);
  });
});

describe("explain", () => {
  test("names the prerequisite that is not on", async () => {
    const { env, act } = await open();
    expect(await act("flags", "explain", "phase_4_deployment", "--user", "user-1")).toMatchObject({
      decidedBy: "prerequisite",
      evaluation: { value: false },
    });
    expect((await runDimmer(["flags", "explain", "phase_4_deployment", "--user", "user-1"], env)).stdout).toContain(
      "orchestration_enabled is not on",
    );
  });

  test("shows the bucket and its boundaries", async () => {
    const { env, act } = await open();
    await act("flags", "set", "orchestration_enabled", "true");
    await act("flags", "set", "phase_4_deployment", "--percentage", "25");
    const { stdout } = await runDimmer(["flags", "explain", "phase_4_deployment", "--user", "user-1"], env);
    expect(stdout).toContain("74,417 of 100,000, from the key 'user-1'");
    expect(stdout).toMatch(/ {2}0 to below 25,000: on, 25 %\n.*→ 25,000 to below 100,000: everybody else, 75 %/);
  });

  test("shows the condition that targeting met", async () => {
    const { env, act } = await open();
    const definition = {
      state: "ENABLED",
      variants: { few: 3, many: 10 },
      defaultVariant: "few",
      targeting: { if: [{ "==": [{ var: "region" }, "eu"] }, "many", null] },
    };
    await act("flags", "set", "suggestions", "--definition", JSON.stringify(definition));
    const { stdout } = await runDimmer(["flags", "explain", "suggestions", "--context", '{"region":"eu"}'], env);
    expect(stdout).toMatch(/serves 10 \(many\)[\s\S]*targeting\/if\/0 holds/);
  });

  test("a kill of the flag decides before everything else", async () => {
    const { env, act } = await open();
    await act("flags", "set", "ai.streaming.enabled", "true");
    await act("kill", "flag", "ai.streaming.enabled", "--reason", "garbled");
    expect(await act("flags", "explain", "ai.streaming.enabled")).toMatchObject({
      decidedBy: "kill",
      evaluation: { value: false, reason: "KILLED" },
    });
    expect((await runDimmer(["flags", "explain", "ai.streaming.enabled"], env)).stdout).toContain("garbled");
  });

  test("a kill switch is explained by the kills behind it", async () => {
    const { env, act } = await open();
    expect(await act("flags", "explain", "ai.killswitch.model.gpt-4o")).toMatchObject({ value: false, kills: [] });
    await act("kill", "model", "gpt-4o", "--reason", "leaks");
    await act("kill", "all");
    const { stdout } = await runDimmer(["flags", "explain", "ai.killswitch.model.gpt-4o"], env);
    expect(stdout).toContain("is true");
    expect(stdout).toContain("leaks");
    expect(stdout).toContain("all AI egress is killed besides");
  });

  test("a flag that does not exist is refused", async () => {
    const { env } = await open();
    expect((await runDimmer(["flags", "explain", "no_such_flag", "--json"], env)).json).toMatchObject({
      error: { code: "flag_not_found" },
    });
  });
});
