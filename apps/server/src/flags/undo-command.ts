/** The `dimmer` command that takes a change back, as every change prints it. */
import type { Flag } from "@dimmer/spec";

/** `--environment`, where it is not the one the CLI means by itself. */
export function inEnvironment(environment: string): string {
  return environment === "default" ? "" : ` --environment ${environment}`;
}

/** Quotes one word for a POSIX shell. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Puts the `changed` flags back to what they were in `before`. */
export function undoOfEdits(environment: string, before: Readonly<Record<string, Flag>>, changed: readonly string[]): string {
  return changed.map((key) => undoOfFlag(key, before[key]) + inEnvironment(environment)).join(" && ");
}

function undoOfFlag(key: string, before: Flag | undefined): string {
  const command = `dimmer flags set ${shellWord(key)}`;
  if (before === undefined) return `${command} --remove`;
  return `${command} --definition ${shellWord(JSON.stringify(before))}`;
}
