/** What a command of `dimmer` is: a summary, its options as data (help and docs are made from them), and what it does. */
import type { Output } from "./output/output.ts";

/** One `--option`. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly description: string;
  /** One letter that says the same: `h` for `-h`. */
  readonly short?: string;
  /** What stands for the value in help: `--steps <list>`. */
  readonly value?: string;
  readonly default?: string;
}

/** Values of the options as given; an option that was not given is absent, unless it has a default. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

/** One call of a command. */
export interface Invocation {
  readonly positionals: readonly string[];
  readonly options: OptionValues;
  readonly output: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface Command {
  readonly summary: string;
  /** Arguments, as help shows them: `<scope> [<target>]`. */
  readonly usage: string;
  readonly examples: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** Answers the exit code: 0, or 1 when something that was to be checked did not hold. Everything else is thrown. */
  run(invocation: Invocation): Promise<number>;
}

/** Options every command takes. */
export const globalOptions = {
  json: { type: "boolean", description: "print one JSON document on stdout" },
  url: {
    type: "string",
    value: "<url>",
    description: "the control plane; default DIMMER_URL, else the server that runs out of --dir",
  },
  token: { type: "string", value: "<token>", description: "default DIMMER_TOKEN, else the admin token in --dir" },
  environment: { type: "string", value: "<name>", description: "default DIMMER_ENVIRONMENT, else 'default'" },
  dir: {
    type: "string",
    value: "<folder>",
    description: "data folder of a local server; default DIMMER_DIR, else ./.dimmer",
  },
  help: { type: "boolean", short: "h", description: "show this help" },
} as const satisfies Record<string, Option>;

/** The value of a string option, or undefined. */
export function stringOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === "string" ? value : undefined;
}
