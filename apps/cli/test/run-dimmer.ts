/** Runs `dimmer` as a user would: in this process, which is quick, or as a process of its own. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { splitCommandLine } from "./split-command-line.ts";
import { runCommandLine } from "../src/run-command-line.ts";

/** What a command printed and how it ended. */
export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout as the one JSON document it has to be. */
  readonly json: Document;
}

/** A JSON object; an array answers to nothing here but can be compared. */
export type Document = Readonly<Record<string, unknown>>;

export type Env = Readonly<Record<string, string | undefined>>;

/** Runs it in this process. */
export async function runDimmer(args: readonly string[], env: Env): Promise<Run> {
  const printed = { stdout: "", stderr: "" };
  const exitCode = await runCommandLine(args, env, {
    stdout: { write: (chunk) => (printed.stdout += chunk) },
    stderr: { write: (chunk) => (printed.stderr += chunk) },
  });
  return toRun(exitCode, printed.stdout, printed.stderr);
}

/** Runs the real binary. */
export async function spawnDimmer(args: readonly string[], env: Env, cwd?: string): Promise<Run> {
  const main = fileURLToPath(new URL("../bin/dimmer.js", import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { env: { ...env }, cwd, stdio: ["ignore", "pipe", "pipe"] });
  const exited = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? -1)));
  const [exitCode, stdout, stderr] = await Promise.all([exited, text(child.stdout), text(child.stderr)]);
  return toRun(exitCode, stdout, stderr);
}

/** Runs what an answer printed as its undo: one command, or several joined by `&&`. Answers the last. */
export async function runPrinted(undo: unknown, env: Env): Promise<Run> {
  let last: Run | undefined;
  for (const [program, ...args] of splitCommandLine(String(undo))) {
    if (program !== "dimmer") throw new Error(`'${program}' is no dimmer command.`);
    last = await runDimmer([...args, "--json"], env);
    if (last.exitCode !== 0) throw new Error(`'${String(undo)}' ended with ${last.exitCode}: ${last.stderr}`);
  }
  if (last === undefined) throw new Error("There is nothing to undo.");
  return last;
}

function toRun(exitCode: number, stdout: string, stderr: string): Run {
  return {
    exitCode,
    stdout,
    stderr,
    get json() {
      // What --json prints is an object or a list of them.
      return JSON.parse(stdout) as Document;
    },
  };
}
