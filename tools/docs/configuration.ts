// docs/configuration.md: environment variables and the gateway's settings. Also finds variables and settings that the
// code reads and nobody has described, and the other way round.
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseGatewayConfig } from "@dimmer/gateway";
import { environmentVariables } from "../reference/environment-variables.ts";
import { gatewaySettings } from "../reference/gateway-settings.ts";
import { code, keepDocument, table } from "../reference/keep-document.ts";

const root = resolve(import.meta.dirname, "../..");

// Every variable the sources speak of is described, and every one that is described is spoken of.
const sources = globSync(["{packages,apps}/*/src/**/*.{ts,tsx}", "packages/*/test/**/*.ts", "tools/test/*.ts"], {
  cwd: root,
}).filter((file) => !/\.test\.tsx?$/.test(file));
const read = new Set(
  sources.flatMap((file) => readFileSync(join(root, file), "utf8").match(/\b(?:DIMMER_[A-Z_]*[A-Z]|NO_COLOR)/g) ?? []),
);
const described = new Set(environmentVariables.map(({ name }) => name.replace("_<KEY>", "")));
compare("tools/reference/environment-variables.ts", "variable", read, described);

// So are the settings: the parser fills in every default, and a whole example shows what has none.
const parsed = parseGatewayConfig({
  providers: {
    openai: { type: "openai", baseUrl: "http://127.0.0.1", apiKeyEnv: "KEY" },
    simulated: { type: "simulated" },
  },
  routes: { chat: { models: [{ provider: "simulated", model: "any" }] } },
  apiKeys: [{ name: "somebody", sha256: "0".repeat(64) }],
});
if (!parsed.ok) throw new Error(`The example is no configuration: ${JSON.stringify(parsed.faults)}`);
const { providers, routes, prices, apiKeys, ...rest } = parsed.config;
const one = <T>(values: Readonly<Record<string, T>>): T | undefined => Object.values(values)[0];
const defaults = new Map<string, unknown>([
  ...Object.values(providers).flatMap((provider) =>
    flatten("providers.*", provider.type === "simulated" ? { type: provider.type, ...provider.settings } : provider),
  ),
  ...flatten("routes.*.models.*", one(routes)?.models[0]),
  ...flatten("prices.*", one(prices)),
  ...flatten("apiKeys.*", apiKeys[0]),
  ...flatten("", rest),
]);
compare(
  "tools/reference/gateway-settings.ts",
  "setting",
  new Set(defaults.keys()),
  new Set(Object.keys(gatewaySettings)),
);

const withoutDefault = /required|\.type$|apiKeyEnv|\.name$|\.sha256$|asOf/;
keepDocument("docs/configuration.md", "tools/reference and the gateway's parser", [
  "# Configuration",
  "",
  "## Environment variables",
  "",
  "An empty variable is one that is not set. For `dimmer`, `--url`, `--token`, `--environment` and `--dir` go before their variables.",
  "",
  ...table(
    ["variable", "read by", "meaning", "when it is not set"],
    environmentVariables.map(({ name, readBy, meaning, otherwise }) => [code(name), readBy, meaning, otherwise]),
  ),
  "",
  "## The gateway",
  "",
  "`dimmer gateway --config gateway.yaml` and `dimmer up --gateway-config gateway.yaml` read this file, JSON or YAML. Every fault in it is listed at once, and a setting that does not exist is a fault. `*` stands for a name of your own, or a place in a list. Without a file, three simulated providers answer: bedrock, google and meta.",
  "",
  "```yaml",
  "providers:",
  "  bedrock:",
  "    type: openai",
  "    baseUrl: https://models.example.com/v1",
  "    apiKeyEnv: BEDROCK_API_KEY",
  "routes:",
  "  chat:",
  "    models:",
  "      - { provider: bedrock, model: claude-sonnet, tier: strong }",
  "      - { provider: bedrock, model: nova-micro, tier: cheap }",
  "```",
  "",
  "A provider is called only while its flag `ai.provider.<name>.enabled` is on; it is off to start with.",
  "",
  ...table(
    ["setting", "default", "meaning"],
    Object.entries(gatewaySettings).map(([path, meaning]) => [
      code(path),
      withoutDefault.test(path) || /required/.test(meaning) ? "–" : code(JSON.stringify(defaults.get(path))),
      meaning,
    ]),
  ),
]);

function compare(file: string, what: string, found: ReadonlySet<string>, known: ReadonlySet<string>): void {
  for (const name of found) if (!known.has(name)) fault(`${file}:1: the ${what} ${name} is not described`);
  for (const name of known)
    if (!found.has(name)) fault(`${file}:1: the ${what} ${name} is described, but nothing reads it`);
}

function fault(text: string): void {
  console.log(text);
  process.exitCode = 1;
}

/** The members of an object by their path; what has no members, or none of its own making, is one itself. */
function flatten(path: string, value: unknown): [string, unknown][] {
  if (typeof value !== "object" || value === null || Array.isArray(value) || Object.keys(value).length === 0)
    return [[path, value]];
  return Object.entries(value).flatMap(([name, member]) => flatten(path === "" ? name : `${path}.${name}`, member));
}
