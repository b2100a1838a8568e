/** What a new token may do, as the command line says it. */
import { scope as scopeForm, type Scope, type Token } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { parseDurationMs } from "./arguments.ts";
import { stringOption, type Invocation, type Option } from "./command.ts";
import { shellWord } from "./output/shell-word.ts";

const scopes: readonly Scope[] = scopeForm.options;

/** Options of `tokens create`. */
export const tokenOptions = {
  scope: {
    type: "string",
    value: "<scopes>",
    description: `create: what it may do, separated by commas: ${scopes.join(", ")}`,
  },
  name: {
    type: "string",
    value: "<name>",
    description: "create: who it is for, as the audit log shows it; default named for its scopes: read-token",
  },
  "all-environments": { type: "boolean", description: "create: good for every environment, not for one" },
  for: {
    type: "string",
    value: "<duration>",
    description: "create: ends by itself after this long, such as 30d; default never",
  },
} as const satisfies Record<string, Option>;

/** What the control plane is asked for. */
export interface TokenRequest {
  readonly name: string;
  readonly scopes: Scope[];
  /** null: all. */
  readonly environment: string | null;
  readonly expiresAt?: string;
}

/** The longest name a token has. */
const maxNameLength = 128;

/** Judges the options. Throws usage; nothing was asked of a control plane by then. */
export function readTokenRequest({ options, env }: Invocation, nowMs: number): TokenRequest {
  const granted = parseScopes(stringOption(options, "scope"));
  const name = stringOption(options, "name") ?? `${granted.join("+")}-token`;
  if (name.trim() === "") throw new DimmerError("usage", "--name is empty; leave it out.");
  if (name.length > maxNameLength)
    throw new DimmerError(
      "usage",
      `--name has ${name.length} characters; a token's name has ${maxNameLength} at most.`,
    );
  const isForAll = options["all-environments"] === true;
  if (isForAll && options["environment"] !== undefined)
    throw new DimmerError("usage", "Say one of --environment and --all-environments.");
  const lasting = stringOption(options, "for");
  return {
    name,
    scopes: granted,
    environment: isForAll ? null : (env["DIMMER_ENVIRONMENT"] ?? "default"),
    ...(lasting === undefined ? {} : { expiresAt: new Date(nowMs + parseLastingMs(lasting)).toISOString() }),
  };
}

function parseScopes(text: string | undefined): Scope[] {
  if (text === undefined)
    throw new DimmerError("usage", `Say with --scope what the token may do: ${scopes.join(", ")}.`);
  const wanted = text.split(",").map((word) => word.trim());
  return [...new Set(wanted)].map((word) => {
    const known = scopes.find((one) => one === word);
    if (known !== undefined) return known;
    throw new DimmerError("usage", `--scope holds '${word}', which is no scope; there is ${scopes.join(", ")}.`);
  });
}

function parseLastingMs(text: string): number {
  const durationMs = parseDurationMs("--for", text);
  if (durationMs === 0) throw new DimmerError("usage", `--for is '${text}': a token that ends at once opens nothing.`);
  return durationMs;
}

/** The command that makes a token that may do the same. */
export function createCommandOf({ name, scopes: granted, environment }: Token): string {
  const where = environment === null ? "--all-environments" : `--environment ${environment}`;
  return `dimmer tokens create --scope ${granted.join(",")} --name ${shellWord(name)} ${where}`;
}
