// docs/cli.md: the command line, made from the tables it is parsed by.
import { commands, exitCodes, globalOptions, type Option } from "@dimmer/cli/reference";
import { code, keepDocument, table } from "../reference/keep-document.ts";

const loaded = await Promise.all(
  Object.entries(commands).map(async ([name, entry]) => ({ name, command: await entry.load() })),
);

keepDocument("docs/cli.md", "the command tables in apps/cli/src/commands", [
  "# The command line",
  "",
  "In a clone, `npx dimmer <command>`. Results go to stdout, everything said along the way to stderr. `--json` prints one JSON document on stdout. Every change prints the command that undoes it.",
  "",
  ...table(
    ["command", "what it does"],
    loaded.map(({ name, command }) => [`[${name}](#dimmer-${name})`, command.summary]),
  ),
  "",
  "## Options of every command",
  "",
  ...describeOptions(globalOptions),
  "",
  "## Exit codes",
  "",
  ...table(
    ["exit code", "when"],
    [
      [0, "done"],
      [1, "what was to be checked did not hold: the story of `dimmer up --demo --once`"],
      ...Object.entries(exitCodes).map(([kind, exitCode]) => [
        exitCode,
        `an error of the kind *${kind}*; [errors](errors.md) lists them`,
      ]),
    ],
  ),
  ...loaded.flatMap(({ name, command }) => [
    "",
    `## dimmer ${name}`,
    "",
    `${capitalise(command.summary)}.`,
    "",
    "```sh",
    `dimmer ${name} ${command.usage}`.trimEnd(),
    "```",
    ...(Object.keys(command.options).length === 0 ? [] : ["", ...describeOptions(command.options)]),
    "",
    "Examples:",
    "",
    "```sh",
    ...command.examples,
    "```",
  ]),
]);

function describeOptions(options: Readonly<Record<string, Option>>): string[] {
  return table(
    ["option", "meaning"],
    Object.entries(options).map(([name, { short, value, description, default: given }]) => [
      code(
        [...(short === undefined ? [] : [`-${short},`]), `--${name}`, ...(value === undefined ? [] : [value])].join(
          " ",
        ),
      ),
      given === undefined || description.includes("default") ? description : `${description}; default ${code(given)}`,
    ]),
  );
}

function capitalise(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
