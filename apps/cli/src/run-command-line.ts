/** Parses a command line by the command's own table of options and runs it. */
import { parseArgs } from "node:util";
import { environmentNamePattern } from "@dimmer/spec/environment-name";
import { DimmerError } from "@dimmer/spec/errors";
import { globalOptions, type Option, type OptionValues } from "./command.ts";
import { commands } from "./commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { createOutput, type Output, type Streams } from "./output/output.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Runs `dimmer <args>` and answers its exit code; never throws. Prints on `streams`, by default this process's. */
export async function runCommandLine(args: readonly string[], env: Env, streams?: Streams): Promise<number> {
  const output = createOutput(args.includes("--json"), streams);
  try {
    // `dimmer help kill` is `dimmer kill --help`.
    const [name, ...rest] = args[0] === "help" && args.length > 1 ? [...args.slice(1), "--help"] : args;
    if (name === undefined || name === "help" || name === "--help" || name === "-h") {
      const { overview } = await import("./output/help.ts");
      output.result(Object.keys(commands), overview(commands));
      return name === undefined ? exitCodes.input : 0;
    }
    if (name === "version" || name === "--version" || name === "-V") {
      const { version } = await import("./version.ts");
      output.result({ version }, `dimmer ${version}`);
      return 0;
    }
    const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (entry === undefined) throw unknownCommand(name);
    const command = await entry.load();
    const options: Readonly<Record<string, Option>> = { ...command.options, ...globalOptions };
    const { values, positionals } = parseOptions(rest, options);
    if (values["help"] === true) {
      const { describeCommand } = await import("./output/help.ts");
      output.result({ name, summary: command.summary, usage: command.usage, options }, describeCommand(name, command));
      return 0;
    }
    return await command.run({ positionals, options: values, output, env: withOptions(env, values) });
  } catch (error) {
    return printError(DimmerError.from(error), output);
  }
}

function unknownCommand(name: string): DimmerError {
  const known = `Commands: ${Object.keys(commands).join(", ")}.`;
  return new DimmerError(
    "usage",
    name.startsWith("-")
      ? `'${name}' stands before the command; options come after it. ${known}`
      : `There is no command '${name}'. ${known}`,
  );
}

/** The options and arguments of one command, by its own table. */
export function parseOptions(
  args: readonly string[],
  options: Readonly<Record<string, Option>>,
): { readonly positionals: readonly string[]; readonly values: OptionValues } {
  const table = Object.fromEntries(
    Object.entries(options).map(([key, { type, short, default: given }]) => [
      key,
      { type, ...(short === undefined ? {} : { short }), ...(given === undefined ? {} : { default: given }) },
    ]),
  );
  try {
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      options: table,
      allowPositionals: true,
      strict: true,
      tokens: true,
    });
    refuseRepeated(tokens);
    return {
      positionals,
      values: Object.fromEntries(
        Object.entries(values).map(([key, value]) => [key, Array.isArray(value) ? undefined : value]),
      ),
    };
  } catch (error) {
    if (DimmerError.is(error)) throw error;
    const message = error instanceof Error ? error.message : String(error);
    // Node goes on to explain how to pass it as an argument, which is never what was meant.
    const unknown = /^Unknown option '([^']+)'/.exec(message)?.[1];
    throw new DimmerError(
      "usage",
      unknown === undefined
        ? message
        : `There is no option '${unknown}' here. Options: ${Object.keys(options)
            .map((key) => `--${key}`)
            .join(", ")}.`,
    );
  }
}

/** Of two values the first would be forgotten without a word. */
function refuseRepeated(
  tokens: readonly { readonly kind: string; readonly name?: string; readonly value?: unknown }[],
): void {
  const named = tokens.flatMap(({ kind, name, value }) => (kind === "option" && value !== undefined ? [name] : []));
  const repeated = named.find((name, index) => named.indexOf(name) !== index);
  if (repeated !== undefined) throw new DimmerError("usage", `--${repeated} is given twice; say it once.`);
}

/** The command line beats the environment: everything below reads only the environment. An empty variable is one that is not set. */
function withOptions(env: Env, values: OptionValues): Env {
  const given = {
    DIMMER_URL: values["url"],
    DIMMER_TOKEN: values["token"],
    DIMMER_ENVIRONMENT: values["environment"],
    DIMMER_DIR: values["dir"],
  };
  const isSet = (entry: readonly [string, unknown]): boolean => typeof entry[1] === "string" && entry[1] !== "";
  const merged: Record<string, string | undefined> = Object.fromEntries(Object.entries(env).filter(isSet));
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== "string") continue;
    if (value.trim() === "")
      throw new DimmerError("usage", `--${name.slice("DIMMER_".length).toLowerCase()} is empty; leave it out.`);
    merged[name] = value;
  }
  assertEnvironmentName(merged["DIMMER_ENVIRONMENT"]);
  return merged;
}

/** Kill logs are named for it: a name that no environment can have would be a log that nobody reads. */
function assertEnvironmentName(name: string | undefined): void {
  if (name === undefined || environmentNamePattern.test(name)) return;
  throw new DimmerError(
    "usage",
    `The environment is '${name}', which no environment is named: lower-case letters, digits and dashes, at most 63.`,
  );
}

function printError(error: DimmerError, output: Output): number {
  if (output.isJson) output.result(error.toBody(), "");
  output.say(`${output.paint("red", "error")} ${error.code}: ${error.message}\n  ${error.definition.fix}`);
  if (error.definition.kind === "internal" && error.cause instanceof Error)
    output.say(error.cause.stack ?? error.cause.message);
  return exitCodes[error.definition.kind];
}
