import { expect, test } from "vitest";
import { runDimmer, spawnDimmer } from "../test/run-dimmer.ts";
import { temporaryDirectory } from "../test/temporary-directory.ts";
import { commands } from "./commands.ts";

const nowhere = { DIMMER_DIR: "/nonexistent/dimmer" };

test("without a command, all commands are listed and the exit code says that one was missing", async () => {
  const run = await runDimmer([], nowhere);
  expect(run.exitCode).toBe(2);
  for (const name of Object.keys(commands)) expect(run.stdout).toContain(`\n  ${name} `);
});

test.each(Object.keys(commands))("%s --help shows its options and an example, and exits with 0", async (name) => {
  const run = await runDimmer([name, "--help"], nowhere);
  expect(run.exitCode).toBe(0);
  expect(run.stdout).toMatch(new RegExp(`^dimmer ${name}`));
  expect(run.stdout).toContain("--json");
  expect(run.stdout).toMatch(new RegExp(`Examples\\n  dimmer ${name}`));
});

test.each([
  ["kill", "-h"],
  ["help", "kill"],
])("%s %s is kill --help", async (...args) => {
  expect((await runDimmer(args, nowhere)).stdout).toContain("dimmer kill all | <scope> <target>");
});

test.each([
  [["frobnicate"], "There is no command 'frobnicate'"],
  [["--json", "status"], "'--json' stands before the command"],
  [["kill", "provider", "google", "--now"], "There is no option '--now' here. Options: --reason"],
  [["audit", "--limit"], "Option '--limit <value>' argument missing"],
  [["audit", "--limit", "many"], "--limit is 'many'"],
  [["audit", "yesterday"], "'yesterday' is too much"],
  [["kill"], "Say what: all, provider <name>"],
  [["kill", "provider"], "Say which provider"],
  [["kill", "all", "google"], "'google' is too much"],
  [["kill", "provider", "google", "--for", "soon"], "--for is 'soon', which is no duration"],
  [["kill", "provider", "google", "--for", "0s"], "--for is '0s': a kill that ends at once stops nothing"],
  [["revive"], "Say what to revive"],
  [["flags"], "Say what to do"],
  [["flags", "frob"], "'flags frob' is no command"],
  [["flags", "get"], "Say which flag"],
  [["flags", "set", "some_flag"], "Say exactly one of"],
  [["flags", "set", "some_flag", "true", "--percentage", "5"], "Say exactly one of"],
  [["flags", "set", "some_flag", "--percentage", "105"], "--percentage is '105'"],
  [["flags", "set", "some_flag", "--definition", "[]"], "--definition is '[]', which is no JSON object"],
  [["flags", "explain", "some_flag", "--context", "eu"], "--context is 'eu', which is no JSON object"],
  [["deploy", "--strategy", "safe", "--steps", "5,100"], "--steps shape a custom plan"],
  [["deploy", "--strategy", "custom"], "A custom plan needs --steps and --bake"],
  [["deploy", "--strategy", "custom", "--steps", "5,many", "--bake", "1s"], "--steps is 'many'"],
  [["status", "--watch", "--json"], "--watch draws on a terminal"],
])("%j is refused before anything is asked of a control plane", async (args, message) => {
  const run = await runDimmer(args, { ...nowhere, DIMMER_URL: "http://127.0.0.1:9" });
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(`error usage: ${message}`);
});

test("a stage that does not exist is refused before anything is asked of a control plane", async () => {
  const run = await runDimmer(["stage", "twilight"], nowhere);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain("stage_not_found: There is no stage 'twilight'");
});

test("an instant rollout asks to be confirmed where nobody can be asked", async () => {
  const run = await runDimmer(["deploy", "--strategy", "instant"], nowhere);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain("confirmation_required");
  expect(run.stderr).toContain("--yes");
});

test.each([["status"], ["flags", "list"], ["deploy"], ["audit"], ["stage", "dark"]])(
  "dimmer %s without a control plane says how to start one",
  async (...args) => {
    const run = await runDimmer([...args, "--json"], nowhere);
    expect(run.exitCode).toBe(5);
    expect(run.json).toMatchObject({
      error: { code: "server_unreachable", fix: expect.stringContaining("dimmer up") },
    });
  },
);

test("an empty variable is one that is not set", async () => {
  const run = await runDimmer(["status"], { ...nowhere, DIMMER_URL: "", DIMMER_TOKEN: "" });
  expect(run.stderr).toContain(`No control plane runs out of ${nowhere.DIMMER_DIR}`);
});

test("the binary prints one document on stdout, everything else on stderr, and exits with the documented code", async () => {
  const run = await spawnDimmer(["status", "--json"], { DIMMER_DIR: temporaryDirectory() });
  expect(run.exitCode).toBe(5);
  expect(run.json).toMatchObject({ error: { code: "server_unreachable" } });
  expect(run.stderr).toContain("error server_unreachable");
});
