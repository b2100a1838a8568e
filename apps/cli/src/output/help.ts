/** Help, made from the tables of commands and options. */
import { globalOptions, type Command, type Option } from "../command.ts";
import type { CommandEntry } from "../commands.ts";

/** `dimmer --help`. */
export function overview(commands: Readonly<Record<string, CommandEntry>>): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, entry]) => `  ${name.padEnd(width)}  ${entry.summary}`);
  return [
    "dimmer: AI features on a dimmer switch",
    "",
    ...lines,
    "",
    "'dimmer <command> --help' shows a command's options and examples; 'dimmer --version' the version.",
  ].join("\n");
}

/** `dimmer <command> --help`. */
export function describeCommand(name: string, command: Command): string {
  return [
    `dimmer ${name} ${command.usage}`.trimEnd(),
    `  ${command.summary}`,
    ...section("Options", describeOptions(command.options)),
    ...section("Everywhere", describeOptions(globalOptions)),
    ...section("Examples", command.examples),
  ].join("\n");
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function describeOptions(options: Readonly<Record<string, Option>>): string[] {
  const rows = Object.entries(options).map(
    ([name, option]) =>
      [`--${name}${option.value === undefined ? "" : ` ${option.value}`}`, option.description] as const,
  );
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}
