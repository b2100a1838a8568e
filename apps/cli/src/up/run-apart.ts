/**
 * Work of a moment, done in a process of its own: the supervisor lives as long as the system, and what it loads once it
 * keeps for ever.
 */
import { spawn } from "node:child_process";
import { getCompileCacheDir } from "node:module";
import { fileURLToPath } from "node:url";

export interface RunApartOptions {
  readonly args?: readonly string[];
  /** More variables than this process has. What no other user may see goes here, not into `args`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the script before its end. */
  readonly signal?: AbortSignal | undefined;
  /** Where the script prints: `answer` brings it back, `inherit` is where this process prints. */
  readonly stdout: "answer" | "inherit";
}

/** Runs a script to its end; answers what it printed. Rejects when it fails; why is on stderr then. */
export async function runApart(script: URL, { args = [], env = {}, signal, stdout }: RunApartOptions): Promise<string> {
  const cache = getCompileCacheDir();
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], {
    env: { ...process.env, ...(cache === undefined ? {} : { NODE_COMPILE_CACHE: cache }), ...env },
    ...(signal === undefined ? {} : { signal }),
    stdio: ["ignore", stdout === "answer" ? "pipe" : "inherit", "inherit"],
  });
  let answer = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (answer += text));
  const how = await new Promise<number | string>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? signal ?? "a signal"));
  });
  if (how !== 0) throw new Error(`${fileURLToPath(script)} ended with ${how}.`);
  return answer;
}
