/** The `dimmer` command as users run it: in a process of its own, in a folder of its own. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const command = fileURLToPath(new URL("../../../apps/cli/bin/dimmer.js", import.meta.url));

/** What each process has written to stderr. */
const said = new WeakMap<ChildProcess, string[]>();

export interface StartedCommand {
  readonly url: string;
  readonly pid: number;
  /** From before the process was made to when it said that it is ready. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

export interface FinishedCommand {
  readonly tookMs: number;
}

/** Environment of a command: nothing of the caller's that is Dimmer's own. */
function commandEnvironment(more: Readonly<Record<string, string>>): Record<string, string | undefined> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("DIMMER_"));
  return { ...Object.fromEntries(inherited), ...more };
}

/** Starts `dimmer server` or `dimmer gateway` and waits until it says that it is ready. */
export async function startCommand(
  args: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<StartedCommand> {
  const startedAt = performance.now();
  const child = spawn(args, more);
  const [message] = (await Promise.race([once(child, "message"), failed(child, args)])) as [{ url: string }];
  const readyMs = performance.now() - startedAt;
  return { url: message.url, pid: child.pid ?? 0, readyMs, stop: async () => await stop(child) };
}

/** Runs a command to its end. Throws when it fails. */
export async function runCommand(
  args: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<FinishedCommand> {
  const startedAt = performance.now();
  const child = spawn(args, more);
  const [code] = (await once(child, "exit")) as [number | null];
  const tookMs = performance.now() - startedAt;
  if (code !== 0) throw failure(child, args, code);
  return { tookMs };
}

/** A command that does not tell when it is up, such as `dimmer up`. What it says is only shown when it fails. */
export function spawn(args: readonly string[], more: Readonly<Record<string, string>>): ChildProcess {
  const child = fork(command, [...args], {
    env: commandEnvironment(more),
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const lines: string[] = [];
  said.set(child, lines);
  child.stderr?.setEncoding("utf8").on("data", (text: string) => lines.push(text));
  return child;
}

/** Asks it to finish; a process that has not after 10 seconds is killed. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 10_000);
  await exited;
  clearTimeout(force);
}

/** Runs `use` with an empty folder that is gone afterwards. */
export async function withDirectory<T>(use: (directory: string) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "dimmer-bench-"));
  try {
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port is free.");
  return address.port;
}

async function failed(child: ChildProcess, args: readonly string[]): Promise<never> {
  const [code] = (await once(child, "exit")) as [number | null];
  throw failure(child, args, code);
}

function failure(child: ChildProcess, args: readonly string[], code: number | null): Error {
  return new Error(`dimmer ${args.join(" ")} ended with code ${String(code)}:\n${said.get(child)?.join("") ?? ""}`);
}
