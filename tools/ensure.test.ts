// ensure.mjs runs as users run it: a process in a clone, here a temporary one with a stand-in for npm.
import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

const bundledNode = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const locked = {
  "": { name: "clone" },
  "node_modules/left": { version: "1.0.0", integrity: "sha512-left" },
  "node_modules/elsewhere": { version: "1.0.0", optional: true, os: ["none"] },
  [`node_modules/${bundledNode}`]: { version: "24.21.0", optional: true },
};
// Writes down that it ran, then does what `npm ci` does last: leaves its record in node_modules.
const standInForNpm = `
  import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
  appendFileSync(process.env.NPM_CALLS, process.argv.slice(2).join(" ") + "\\n");
  process.stdout.write("chatter of npm\\n");
  if (process.env.NPM_FAILS) process.exit(1);
  if (process.argv[2] === "install") process.exit(0);
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  delete packages[""];
  delete packages["node_modules/elsewhere"];
  mkdirSync("node_modules", { recursive: true });
  writeFileSync("node_modules/.package-lock.json", JSON.stringify({ packages }));
`;

let clone = "";
beforeEach(async () => {
  clone = await mkdtemp(join(tmpdir(), "dimmer-ensure-"));
  await mkdir(join(clone, "tools"));
  await copyFile(join(import.meta.dirname, "ensure.mjs"), join(clone, "tools/ensure.mjs"));
  await writeFile(join(clone, "npm.mjs"), standInForNpm);
  await lock(locked);
});
afterEach(() => rm(clone, { recursive: true, force: true }));

test("a fresh clone is installed once, and stdout stays empty", async () => {
  const first = await ensure();
  const second = await ensure();
  expect(first).toMatchObject({ exitCode: 0, stdout: "" });
  expect(first.stderr).toContain("npm ci");
  expect(second).toEqual({ exitCode: 0, stdout: "", stderr: "" });
  expect(await npmCalls()).toHaveLength(1);
});

test("a changed lockfile is installed again", async () => {
  await ensure();
  await lock({ ...locked, "node_modules/left": { version: "1.0.1", integrity: "sha512-other" } });
  await ensure();
  expect(await npmCalls()).toHaveLength(2);
});

test("an installation without this machine's Node is not taken for complete", async () => {
  await ensure();
  const record = JSON.parse(await readFile(join(clone, "node_modules/.package-lock.json"), "utf8"));
  delete record.packages[`node_modules/${bundledNode}`];
  await writeFile(join(clone, "node_modules/.package-lock.json"), JSON.stringify(record));
  await ensure();
  expect(await npmCalls()).toHaveLength(2);
});

test("a failed installation fails the command and says so", async () => {
  const outcome = await ensure({ NPM_FAILS: "1" });
  expect(outcome.exitCode).toBe(1);
  expect(outcome.stderr).toContain("the installation failed");
});

test("two runs at once install once", async () => {
  const outcomes = await Promise.all([ensure(), ensure()]);
  expect(outcomes.map((outcome) => outcome.exitCode)).toEqual([0, 0]);
  expect(await npmCalls()).toHaveLength(1);
});

test("the lock of a process that died is taken over", async () => {
  const dead = await run(process.execPath, ["-p", "process.pid"], {});
  await mkdir(join(clone, ".cache"));
  await writeFile(join(clone, ".cache/install.lock"), dead.stdout.trim());
  expect((await ensure()).exitCode).toBe(0);
  expect(await npmCalls()).toHaveLength(1);
});

test.each([
  ["--lint", "tools/lint"],
  ["--bench", "bench"],
])("with %s the exact versions of %s are installed, without a lockfile, once", async (option, folder) => {
  await ensure();
  await mkdir(join(clone, folder, "node_modules/some-tool"), { recursive: true });
  await writeFile(join(clone, folder, "package.json"), JSON.stringify({ dependencies: { "some-tool": "1.2.3" } }));
  const manifest = join(clone, folder, "node_modules/some-tool/package.json");
  await writeFile(manifest, JSON.stringify({ version: "1.2.2" }));
  await ensure({}, [option]);
  await writeFile(manifest, JSON.stringify({ version: "1.2.3" }));
  await ensure({}, [option]);
  const [, ...forFolder] = await npmCalls();
  expect(forFolder).toEqual([expect.stringMatching(/^install --no-package-lock /)]);
});

test("a clone without a lockfile is refused with the way to repair it", async () => {
  await rm(join(clone, "package-lock.json"));
  const outcome = await ensure();
  expect(outcome.exitCode).toBe(1);
  expect(outcome.stderr).toContain("git checkout package-lock.json");
});

const lock = (packages: object): Promise<void> =>
  writeFile(join(clone, "package-lock.json"), JSON.stringify({ packages }));

const ensure = (env: Record<string, string> = {}, args: string[] = []): Promise<Outcome> =>
  run(process.execPath, [join(clone, "tools/ensure.mjs"), ...args], {
    npm_execpath: join(clone, "npm.mjs"),
    npm_node_execpath: process.execPath,
    NPM_CALLS: join(clone, "npm-calls"),
    ...env,
  });

const npmCalls = async (): Promise<string[]> =>
  (await readFile(join(clone, "npm-calls"), "utf8").catch(() => "")).trim().split("\n").filter(Boolean);

type Outcome = { exitCode: number | null; stdout: string; stderr: string };

const run = (command: string, args: string[], env: Record<string, string>): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: clone, env: { ...process.env, ...env } });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
