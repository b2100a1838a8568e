// Runs the parts of the check, a few at a time, and reports one line for each as it ends.
import { spawn } from "node:child_process";

/** One part of the check: a program that exits with 0 when all is well. */
export type Part = {
  name: string;
  /** Arguments for the Node that runs the check: a script and its options. */
  script: readonly string[];
  env?: Record<string, string>;
};

type Outcome = { part: Part; isGreen: boolean; output: string };

/**
 * Runs all parts and writes a line with its duration for each, then the whole output of those that failed, or of all
 * when verbose.
 * @returns true when every part passed.
 */
export async function runParts(
  parts: readonly Part[],
  options: { root: string; atOnce: number; isVerbose: boolean; write: (text: string) => void },
): Promise<boolean> {
  const { root, atOnce, isVerbose, write } = options;
  const width = Math.max(...parts.map((part) => part.name.length));
  const waiting = [...parts];
  const outcomes: Outcome[] = [];
  const work = async (): Promise<void> => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      const startedAt = performance.now();
      const outcome = await runPart(part, root);
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1).padStart(5);
      const warnings = outcome.isGreen ? countWarnings(outcome.output) : "";
      write(`${outcome.isGreen ? "ok  " : "FAIL"} ${part.name.padEnd(width)} ${seconds} s${warnings}\n`);
      outcomes.push(outcome);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  for (const { part, isGreen, output } of outcomes) {
    if (!isGreen || isVerbose) write(`\n── ${part.name} ──\n${output.trimEnd() || "(it said nothing)"}\n`);
  }
  return outcomes.every((outcome) => outcome.isGreen);
}

function runPart(part: Part, root: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, part.script, { cwd: root, env: { ...process.env, ...part.env } });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", (error) => resolve({ part, isGreen: false, output: error.message }));
    child.on("close", (exitCode) => resolve({ part, isGreen: exitCode === 0, output }));
  });
}

/** A linter that passes may still have warned; the line says how often and how to see it. */
function countWarnings(output: string): string {
  const count = /Found (\d+) warnings?/.exec(output)?.[1] ?? "0";
  return count === "0" ? "" : ` (${count} warnings: npm run check -- lint --verbose)`;
}
