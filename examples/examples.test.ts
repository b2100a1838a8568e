import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { createApiClient } from "@dimmer/api-client";
import { createControlPlane } from "@dimmer/server";
import { expect, onTestFinished, test } from "vitest";

/** Runs one example and answers what it printed. */
async function run(file: string, env: Readonly<Record<string, string>>): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, file)], { env, stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise((resolve) => child.once("close", resolve));
  const [exitCode, stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  return stdout.trimEnd().split("\n");
}

function emptyFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), "dimmer-example-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

function flagFile(): Readonly<Record<string, string>> {
  return { DIMMER_DIR: emptyFolder(), DIMMER_FLAGS_FILE: join(import.meta.dirname, "flags.yaml") };
}

test("five lines answer from the flag file, and the environment goes before it", async () => {
  expect(await run("five-lines.ts", { ...flagFile(), DIMMER_FLAG_NEW_CHECKOUT: "true" })).toEqual(["the new checkout"]);
  expect(await run("five-lines.ts", { ...flagFile(), DIMMER_FLAG_NEW_CHECKOUT: "false" })).toEqual([
    "the old checkout",
  ]);
});

test("without any store, five lines answer what the caller said", async () => {
  expect(await run("five-lines.ts", { DIMMER_DIR: emptyFolder() })).toEqual(["the old checkout"]);
});

test("details say why", async () => {
  expect(await run("details.ts", flagFile())).toEqual(
    expect.arrayContaining([
      "user-1: thorough (thorough, SPLIT) from file",
      "user-2: brief (brief, TARGETING_MATCH) from file",
      "no_such_flag: 3",
    ]),
  );
});

test("the service asks, enters a stage and kills, against a control plane", async () => {
  const directory = emptyFolder();
  const controlPlane = await createControlPlane({ directory, port: 0 });
  onTestFinished(() => controlPlane.close());
  const printed = await run("ai-feature-flags-service.ts", { DIMMER_DIR: directory });
  expect(printed).toEqual([
    "egress: false",
    "bedrock: false",
    "guardrails: off",
    "bandit: off",
    expect.stringMatching(/^shadow entered, at version \d+$/),
    "bedrock, in shadow: true",
    "streaming, set: true",
    "bedrock, killed: false",
    "everything killed, on disk: true",
  ]);
  const client = createApiClient({ url: controlPlane.url, token: controlPlane.adminToken });
  const status = await client.getStatus({ params: { environment: "default" } });
  expect(status).toMatchObject({ stage: { current: "shadow" }, activeKills: [{ scope: "all" }] });
});
