// Finds the Chromium that `.web.test.ts` tests drive, before they run, and provides its path to them:
//
//   const chromium = inject("chromium");                       // "" when there is none; the reason was printed
//   describe.skipIf(chromium === "")("…", () => { … launch({ executablePath: chromium, args: ["--no-sandbox"] }) … });
//
// DIMMER_CHROMIUM names one; otherwise it is looked for where systems keep it; otherwise Debian's is installed when
// this process may do that. Under CI=true an installation that was possible and failed is a failure, not a skip.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Path of a Chromium to drive, or "" when there is none on this machine. */
    chromium: string;
  }
}

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome.exe", "msedge.exe"];
const places = [
  "/usr/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:/Program Files/Google/Chrome/Application/chrome.exe",
  "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
];

/** Vitest's global setup of the browser tests. */
export default function setup(project: TestProject): void {
  project.provide("chromium", findChromium(process.env) ?? installChromium(process.env));
}

/**
 * The first Chromium there is: DIMMER_CHROMIUM, then PATH, then the usual places.
 * @throws when DIMMER_CHROMIUM names something that cannot be run: a wrong setting is never quietly replaced.
 */
export function findChromium(env: NodeJS.ProcessEnv, usualPlaces: readonly string[] = places): string | undefined {
  const named = env["DIMMER_CHROMIUM"];
  if (named !== undefined && named !== "") {
    if (isExecutable(named)) return named;
    throw new Error(`DIMMER_CHROMIUM is "${named}", which cannot be run; set it to a Chromium, or unset it`);
  }
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...usualPlaces].find(isExecutable);
}

function installChromium(env: NodeJS.ProcessEnv): string {
  if (process.getuid?.() !== 0 || !hasApt()) {
    return skip("there is no Chromium on this machine; install one, or set DIMMER_CHROMIUM");
  }
  process.stderr.write("browser tests: installing Chromium with apt-get\n");
  apt("update"); // may fail for some other repository; the installation decides
  const isInstalled = apt("install", "--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", "chromium");
  const found = isInstalled ? findChromium(env) : undefined;
  if (found !== undefined) return found;
  const reason = "apt-get could not install Chromium; its own message is above";
  if (env["CI"] === "true") throw new Error(reason);
  return skip(reason);
}

function skip(reason: string): "" {
  process.stderr.write(`browser tests are skipped: ${reason}\n`);
  return "";
}

const hasApt = (): boolean => spawnSync("apt-get", ["--version"], { stdio: "ignore" }).status === 0;

const apt = (...args: string[]): boolean =>
  spawnSync("apt-get", ["-qq", ...args], {
    stdio: ["ignore", 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  }).status === 0;

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
