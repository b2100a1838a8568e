// Every `dimmer …` command a document shows is one that the command line takes: the command is there, and its options.
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { commands, globalOptions, parseOptions } from "@dimmer/cli/reference";
import { findCommandFaults } from "../check/find-command-faults.ts";

const root = resolve(import.meta.dirname, "../..");
const loaded = new Map(
  await Promise.all(Object.entries(commands).map(async ([name, entry]) => [name, await entry.load()] as const)),
);

for (const file of globSync("**/*.md", {
  cwd: root,
  exclude: ["**/node_modules", "**/dist", ".cache", ".dimmer"],
}).sort()) {
  for (const fault of findCommandFaults(file.replaceAll("\\", "/"), readFileSync(join(root, file), "utf8"), judge)) {
    console.log(fault);
    process.exitCode = 1;
  }
}

function judge([name = "", ...rest]: readonly string[]): string | undefined {
  // `dimmer <command>` and `dimmer …` speak of all of them; so do `dimmer --help` and `dimmer help`.
  if (/^[<…]/.test(name) || name === "--help" || name === "help") return undefined;
  const command = loaded.get(name);
  if (command === undefined) return `there is no command '${name}'`;
  try {
    parseOptions(rest, { ...command.options, ...globalOptions });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
