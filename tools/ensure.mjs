// Makes a fresh clone run: `npm start`, `npm test` and `npm run check` call this first. It runs `npm ci` when, and only
// when, what is installed is not what package-lock.json says, and makes sure that the Node which then runs the
// TypeScript sources is new enough. With --lint or --bench it does the same for tools/lint or bench, whose versions are
// exact and which have no lockfile. Plain JavaScript, built-in modules only: it has to start on any Node >= 20 before
// anything is installed. Everything it says goes to stderr, so that the stdout of `npm start` stays the program's own.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const OLDEST_NODE = "24.12.0"; // type stripping is stable from here on
const LOCK_WAIT_MS = 10 * 60_000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const pinned = { "--lint": join(root, "tools", "lint"), "--bench": join(root, "bench") };
const installLock = join(root, ".cache", "install.lock");

const say = (/** @type {string} */ line) => process.stderr.write(`dimmer: ${line}\n`);
const fail = (/** @type {string} */ line) => {
  say(line);
  process.exit(1);
};

const lockText = read(join(root, "package-lock.json"));
if (lockText === undefined)
  fail(`package-lock.json is missing in ${root}; restore it with \`git checkout package-lock.json\``);
const locked = JSON.parse(lockText).packages;
const bundledNode = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
const nodeComesWithPackages = `node_modules/${bundledNode}` in locked;

if (!nodeComesWithPackages && !isNewEnough(process.versions.node)) {
  fail(
    `the sources need Node ${OLDEST_NODE} or newer and this is ${process.versions.node}. For ${process.platform}-${process.arch} ` +
      "Node does not come with the packages: install Node 24 (https://nodejs.org/en/download, `nvm install 24` or " +
      "`brew install node@24`) and run the command again.",
  );
}
if (!isInstalled()) whileAlone(() => isInstalled() || install());
for (const [option, folder] of Object.entries(pinned)) {
  if (process.argv.includes(option) && !isPinnedInstalled(folder))
    whileAlone(() => isPinnedInstalled(folder) || npm(folder, ["install", "--no-package-lock"]));
}
if (!isNewEnough(process.versions.node) && !isNewEnough(versionOf(join(modules, bundledNode)))) {
  fail(
    `Node ${OLDEST_NODE} or newer should be in ${join("node_modules", bundledNode)} and is not; run \`npm ci --include=optional\``,
  );
}

/**
 * True when node_modules is what the lockfile asks for. The proof is the record npm itself writes as its last act, so
 * an interrupted installation does not count, and one made by hand with `npm install` does.
 */
function isInstalled() {
  const record = read(join(modules, ".package-lock.json"));
  if (record === undefined) return false;
  const installed = JSON.parse(record).packages;
  return Object.entries(locked).every(([path, entry]) => {
    if (path === "") return true; // the root itself is not in npm's record
    const found = installed[path];
    if (found === undefined)
      return (entry.optional || entry.devOptional) === true && path !== `node_modules/${bundledNode}`;
    return found.version === entry.version && found.integrity === entry.integrity && found.resolved === entry.resolved;
  });
}

function install() {
  // Windows cannot delete a node.exe that is running, and this one may live in node_modules; there npm may only add.
  const runsFromModules = process.execPath.startsWith(modules + sep);
  npm(root, process.platform === "win32" && runsFromModules ? ["install", "--no-save"] : ["ci"]);
}

function isPinnedInstalled(/** @type {string} */ folder) {
  const { dependencies } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return Object.entries(dependencies).every(
    ([name, version]) => versionOf(join(folder, "node_modules", name)) === version,
  );
}

function npm(/** @type {string} */ folder, /** @type {string[]} */ command) {
  const options = [...command, "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  say(`installing packages into ${join(folder, "node_modules")}: npm ${options.join(" ")}`);
  const startedAt = Date.now();
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const common = { cwd: folder, stdio: /** @type {import("node:child_process").StdioOptions} */ (["ignore", 2, 2]) };
  const result =
    script !== undefined && /\.[cm]?js$/.test(script)
      ? spawnSync(node ?? process.execPath, [script, ...options], common)
      : spawnSync(`npm ${options.join(" ")}`, { ...common, shell: true });
  if (result.status !== 0) fail("the installation failed; npm's own message is above");
  say(`installed in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** Runs `work` while no other process of this clone does; a lock whose owner is dead is taken over. */
function whileAlone(/** @type {() => void} */ work) {
  mkdirSync(dirname(installLock), { recursive: true });
  const deadline = Date.now() + LOCK_WAIT_MS;
  for (let isWaiting = false; ; isWaiting = true) {
    try {
      writeFileSync(installLock, String(process.pid), { flag: "wx" });
      break;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    }
    const owner = read(installLock);
    if (owner !== undefined && owner !== "" && !isAlive(Number(owner))) rmSync(installLock, { force: true });
    else if (Date.now() > deadline)
      fail(`process ${owner} has been installing for too long; stop it or delete ${installLock}`);
    else {
      if (!isWaiting) say(`waiting for process ${owner}, which is installing packages in this clone`);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  const release = () => rmSync(installLock, { force: true });
  process.once("exit", release); // also when `fail` leaves from inside `work`
  work();
  release();
}

function isAlive(/** @type {number} */ pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}

function isNewEnough(/** @type {string} */ version) {
  const [wantedMajor = 0, wantedMinor = 0] = OLDEST_NODE.split(".").map(Number);
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

/** The version of an installed package, "0" when it is not there. */
function versionOf(/** @type {string} */ folder) {
  const manifest = read(join(folder, "package.json"));
  return manifest === undefined ? "0" : JSON.parse(manifest).version;
}

function read(/** @type {string} */ file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
