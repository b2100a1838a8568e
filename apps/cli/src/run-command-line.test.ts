import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
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

test.each(["--version", "-V", "version"])("%s says which version this is", async (word) => {
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    version: string;
  };
  expect(await runDimmer([word], nowhere)).toMatchObject({ exitCode: 0, stdout: `dimmer ${version}\n` });
  expect((await runDimmer([word, "--json"], nowhere)).json).toEqual({ version });
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
  [["kill", "provider", " "], "Say which provider"],
  [["kill", "provider", "*"], "Name the provider; everything at once is 'all'"],
  [["kill", "provider", "g".repeat(257)], "No provider has a name of 257 characters"],
  [["kill", "flag"], "Say which flag"],
  [["kill", "gateway", "eu"], "Say what: all, provider <name>"],
  [["kill", "all", "--reason", "r".repeat(1025)], "--reason has 1025 characters"],
  [["kill", "all", "--environment", "../eu"], "The environment is '../eu'"],
  [["kill", "all", "--environment", "Production", "--local"], "The environment is 'Production'"],
  [["kill", "all", "--dir", ""], "--dir is empty"],
  [["kill", "all", "google"], "'google' is too much"],
  [["kill", "provider", "google", "--for", "soon"], "--for is 'soon', which is no duration"],
  [["kill", "provider", "google", "--for", "0s"], "--for is '0s': a kill that ends at once stops nothing"],
  [["kill", "provider", "google", "--for=-5s"], "--for is '-5s', which is no duration"],
  [["kill", "provider", "google", "--for", "100000000d"], "--for is '100000000d', which is longer than 366d"],
  [["revive"], "Say what to revive"],
  [["revive", "provider"], "Say which provider"],
  [["audit", "--limit", "1001"], "--limit is '1001', which is no whole number from 1 to 1000"],
  [["stage", "shadow", "canary"], "'canary' is too much"],
  [["stage", "shadow", "--reason", "r".repeat(1025)], "--reason has 1025 characters"],
  [["rollback", "one_flag", "--flag", "another_flag"], "Say the flag once"],
  [["pause", "one_flag", "another_flag"], "'another_flag' is too much"],
  [["export", "--format", "unleash"], "--format is 'unleash'; there is flagd"],
  [["codegen", "--check"], "Say with --out which file"],
  [["up", "--gateway-config", "/nonexistent.yaml"], "--gateway-config is '/nonexistent.yaml', which cannot be read"],
  [["init", "--from", "/nonexistent.json"], "The flag file /nonexistent.json cannot be read: it does not exist"],
  [["codegen", "--from", "/nonexistent.json"], "The flag file /nonexistent.json cannot be read"],
  [["up", "--once"], "--once plays the demo's story once"],
  [["up", "--port", "eighty"], "--port is 'eighty', which is no port"],
  [["up", "--flagd-sync-port", "70000"], "--flagd-sync-port is '70000', which is no port"],
  [["server", "--port", "65536"], "--port is '65536', which is no port"],
  [["gateway", "--port", "-1"], "Option '--port' argument is ambiguous"],
  [["replay"], "Name the file of recorded answers"],
  [["flags"], "Say what to do"],
  [["flags", "frob"], "'flags frob' is no command"],
  [["flags", "get"], "Say which flag"],
  [["flags", "set", "some_flag"], "Say exactly one of"],
  [["flags", "set", "some_flag", "true", "--percentage", "5"], "Say exactly one of"],
  [["flags", "set", "some_flag", "--percentage", "105"], "--percentage is '105'"],
  [["flags", "set", "some_flag", "--percentage", "0.0001"], "--percentage is '0.0001', which is finer than 0.001 %"],
  [["flags", "set", "some_flag", "true", "--user", "u"], "--user belongs to 'flags explain'"],
  [["flags", "get", "some_flag", "--remove"], "--remove belongs to 'flags set'"],
  [["flags", "explain"], "Say which flag"],
  [["flags", "set", "some_flag", "--definition", "[]"], "--definition is '[]', which is no JSON object"],
  [["flags", "explain", "some_flag", "--context", "eu"], "--context is 'eu', which is no JSON object"],
  [["deploy", "--strategy", "safe", "--steps", "5,100"], "--steps shape a custom plan"],
  [["deploy", "--strategy", "custom"], "A custom plan needs --steps and --bake"],
  [["deploy", "v2"], "'v2' is too much"],
  [["deploy", "--strategy", "custom", "--steps", "5,many", "--bake", "1s"], "--steps is 'many'"],
  [["deploy", "--strategy", "custom", "--steps", "5,100", "--bake", "367d"], "--bake is '367d'"],
  [["deploy", "--strategy", "custom", "--steps", "5,100", "--bake=-1s"], "--bake is '-1s', which is no duration"],
  [
    ["deploy", "--strategy", "custom", "--steps", "5,100", "--bake", "1s", "--min-requests", "0"],
    "--min-requests is '0'",
  ],
  [["environments"], "Say what to do: list or create"],
  [["environments", "frob"], "'environments frob' is no command"],
  [["environments", "list", "all"], "'all' is too much"],
  [["environments", "create"], "Say the name of the new environment"],
  [["environments", "create", "Mars"], "'Mars' is no name of an environment"],
  [["environments", "create", "../mars"], "'../mars' is no name of an environment"],
  [["environments", "create", "m".repeat(64)], `'${"m".repeat(64)}' is no name of an environment`],
  [["environments", "create", "mars", "venus"], "'venus' is too much"],
  [["tokens"], "Say what to do: list, create or revoke"],
  [["tokens", "frob"], "'tokens frob' is no command"],
  [["tokens", "create"], "Say with --scope what the token may do: read, observe"],
  [["tokens", "create", "--scope", ""], "--scope holds '', which is no scope"],
  [["tokens", "create", "--scope", "read,write"], "--scope holds 'write', which is no scope; there is read, observe"],
  [["tokens", "create", "--scope", "read", "--scope", "kill"], "--scope is given twice"],
  [["tokens", "create", "--scope", "read", "--name", " "], "--name is empty"],
  [["tokens", "create", "--scope", "read", "--name", "n".repeat(129)], "--name has 129 characters"],
  [["tokens", "create", "--scope", "read", "--for", "soon"], "--for is 'soon', which is no duration"],
  [["tokens", "create", "--scope", "read", "--for", "0s"], "--for is '0s': a token that ends at once opens nothing"],
  [
    ["tokens", "create", "--scope", "read", "--all-environments", "--environment", "staging"],
    "Say one of --environment and --all-environments",
  ],
  [["tokens", "create", "--scope", "read", "checkout"], "'checkout' is too much"],
  [["tokens", "list", "--environment", "staging"], "--environment belongs to 'tokens create'"],
  [["tokens", "revoke"], "Say the id of the token"],
  [["tokens", "revoke", "0123456789abcdef", "--scope", "read"], "--scope belongs to 'tokens create'"],
  [["status", "--watch", "--json"], "--watch draws on a terminal"],
])("%j is refused before a control plane is looked for", async (args, message) => {
  const run = await runDimmer(args, nowhere);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(`error usage: ${message}`);
});

test("a stage that does not exist is refused before anything is asked of a control plane", async () => {
  const run = await runDimmer(["stage", "twilight"], nowhere);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain("stage_not_found: There is no stage 'twilight'");
});

test("a plan that does not exist is refused before anything is asked of a control plane, with those that do", async () => {
  const run = await runDimmer(["deploy", "--strategy", "nope"], nowhere);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain("plan_not_found: There is no plan 'nope'; there is safe, fast, instant, and custom.");
});

test.each([
  ["50,25,100", [], "--steps: Step 2 exposes 25 %, which is not more than the 50 % before it."],
  ["5,50", [], "--steps: The last step exposes 50 %; a plan ends at 100 %."],
  ["0,100", [], "--steps: Too small"],
  ["5,100", ["--max-error-rate", "100"], "--max-error-rate: Too big"],
  ["5,100", ["--max-p95", "120001"], "--max-p95: A limit of 120001 ms cannot be checked"],
])("steps of %s %j are refused before anything is asked of a control plane", async (steps, more, message) => {
  const plan = ["deploy", "--strategy", "custom", "--steps", steps, "--bake", "1s", ...more];
  const run = await runDimmer(plan, nowhere);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain("error plan_invalid");
  expect(run.stderr).toContain(message);
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

test.each([
  [["--url", "localhost:7700"], "--url or DIMMER_URL: The control plane's address 'localhost:7700'"],
  [["--url", "http://127.0.0.1:9", "--token", "two words"], "--token or DIMMER_TOKEN: The token is empty or holds"],
])("%j is refused, and said where it comes from", async (args, message) => {
  const run = await runDimmer(["status", ...args], nowhere);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(`config_invalid: ${message}`);
  expect(run.stderr).not.toContain("two words");
});

test("an empty variable is one that is not set", async () => {
  const run = await runDimmer(["status"], { ...nowhere, DIMMER_URL: "", DIMMER_TOKEN: "" });
  expect(run.stderr).toContain(`No control plane runs out of ${nowhere.DIMMER_DIR}`);
});

test("the binary does what it was asked although nobody reads what it prints", async () => {
  const main = fileURLToPath(new URL("../bin/dimmer.js", import.meta.url));
  const env = { DIMMER_DIR: temporaryDirectory() };
  const child = spawn(process.execPath, [main, "kill", "all"], { env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.destroy();
  child.stderr.destroy();
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(readFileSync(join(env.DIMMER_DIR, "kills-default.jsonl"), "utf8")).toContain('"scope":"all"');
});

test.runIf(existsSync("/dev/full"))("a result that could not be written is a failure", () => {
  const main = fileURLToPath(new URL("../bin/dimmer.js", import.meta.url));
  const full = openSync("/dev/full", "w");
  const { status, stderr } = spawnSync(process.execPath, [main, "--version"], {
    env: {},
    stdio: ["ignore", full, "pipe"],
    encoding: "utf8",
  });
  closeSync(full);
  expect(status).toBe(5);
  expect(stderr).toContain("error: the result could not be written: ENOSPC");
});

test("the binary prints one document on stdout, everything else on stderr, and exits with the documented code", async () => {
  const run = await spawnDimmer(["status", "--json"], { DIMMER_DIR: temporaryDirectory() });
  expect(run.exitCode).toBe(5);
  expect(run.json).toMatchObject({ error: { code: "server_unreachable" } });
  expect(run.stderr).toContain("error server_unreachable");
});
