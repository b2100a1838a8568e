/** Turns unknown input (a JSON or YAML file, an object) into a configuration, or into the list of all its faults. */
import { DimmerError } from "@dimmer/spec/errors";
import { listPrices } from "../calls/prices.ts";
import type { Price, PriceTable } from "../calls/prices.ts";
import { ConfigReader } from "../input/config-reader.ts";
import type { ConfigFault } from "../input/config-reader.ts";
import { parseProviderConfig } from "../providers/parse-provider-config.ts";
import type { ProviderConfig } from "../providers/provider-config.ts";
import type { RouteModel } from "../routing/router.ts";
import type { CallerKey, GatewayConfig } from "./gateway-config.ts";

/** A configuration that can be run, or everything that is wrong with it. */
export type ConfigParse =
  | { readonly ok: true; readonly config: GatewayConfig }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

const sections = [
  "providers",
  "routes",
  "prices",
  "retry",
  "timeouts",
  "limits",
  "shadow",
  "apiKeys",
  "allowAnonymous",
];

/** Judges a configuration as it was read from a file or written in code. Never throws; reads no environment and opens nothing. */
export function parseGatewayConfig(input: unknown): ConfigParse {
  const reader = new ConfigReader();
  const root = reader.record(input, "", sections);
  if (root === undefined) return { ok: false, faults: reader.faults };
  const section = (name: string, known: readonly string[]): Readonly<Record<string, unknown>> =>
    root[name] === undefined ? {} : (reader.record(root[name], `/${name}`, known) ?? {});
  const fieldOf = (fields: Readonly<Record<string, unknown>>, at: string): unknown =>
    fields[at.slice(at.lastIndexOf("/") + 1)];
  const count = (fields: Readonly<Record<string, unknown>>, at: string, fallback: number, min: number): number =>
    reader.integer(fieldOf(fields, at), at, { fallback, min });
  const wait = (fields: Readonly<Record<string, unknown>>, at: string, fallback: number, min: number): number =>
    reader.duration(fieldOf(fields, at), at, { fallback, min });

  const providers = parseProviders(reader, root["providers"]);
  const retry = section("retry", ["attempts", "baseDelayMs", "maxDelayMs"]);
  const timeouts = section("timeouts", ["headersMs", "stallMs", "deadlineMs"]);
  const limits = section("limits", [
    "concurrentRequests",
    "bodyBytes",
    "headerBytes",
    "headersTimeoutMs",
    "requestTimeoutMs",
    "readTimeoutMs",
  ]);
  const shadow = section("shadow", ["concurrency"]);
  const config: GatewayConfig = {
    providers,
    routes: parseRoutes(reader, root["routes"], providers),
    prices: parsePrices(reader, root["prices"]),
    retry: {
      attempts: count(retry, "/retry/attempts", 2, 1),
      baseDelayMs: wait(retry, "/retry/baseDelayMs", 100, 0),
      maxDelayMs: wait(retry, "/retry/maxDelayMs", 2000, 0),
    },
    timeouts: {
      headersMs: wait(timeouts, "/timeouts/headersMs", 30_000, 1),
      stallMs: wait(timeouts, "/timeouts/stallMs", 15_000, 1),
      deadlineMs: wait(timeouts, "/timeouts/deadlineMs", 120_000, 1),
    },
    limits: {
      concurrentRequests: count(limits, "/limits/concurrentRequests", 5000, 1),
      bodyBytes: count(limits, "/limits/bodyBytes", 4 * 1024 * 1024, 1),
      headerBytes: count(limits, "/limits/headerBytes", 16 * 1024, 1024),
      headersTimeoutMs: wait(limits, "/limits/headersTimeoutMs", 10_000, 1),
      requestTimeoutMs: wait(limits, "/limits/requestTimeoutMs", 30_000, 1),
      readTimeoutMs: wait(limits, "/limits/readTimeoutMs", 30_000, 1),
    },
    shadow: { concurrency: count(shadow, "/shadow/concurrency", 8, 0) },
    apiKeys: parseApiKeys(reader, root["apiKeys"]),
    allowAnonymous: reader.boolean(root["allowAnonymous"], "/allowAnonymous", false),
  };
  return reader.faults.length === 0 ? { ok: true, config } : { ok: false, faults: reader.faults };
}

/** The error that says everything that is wrong with a configuration, and where it is from. */
export function configError(faults: readonly ConfigFault[], source = "The gateway's configuration"): DimmerError {
  const lines = faults.map(({ pointer, message, fix }) => `\n  ${pointer === "" ? "/" : pointer}: ${message} ${fix}`);
  return new DimmerError("config_invalid", `${source} has faults.${lines.join("")}`, { faults });
}

function parseProviders(reader: ConfigReader, input: unknown): Record<string, ProviderConfig> {
  const providers: Record<string, ProviderConfig> = {};
  for (const [name, value] of Object.entries(reader.record(input, "/providers") ?? {})) {
    const at = reader.child("/providers", name);
    if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
      reader.fault(
        at,
        name,
        "A provider's name is part of its flag's key.",
        "Use lower-case letters, digits and dashes.",
      );
    }
    const provider = parseProviderConfig(reader, value, at);
    if (provider !== undefined) providers[name] = provider;
  }
  return providers;
}

function parseRoutes(
  reader: ConfigReader,
  input: unknown,
  providers: Readonly<Record<string, ProviderConfig>>,
): GatewayConfig["routes"] {
  const routes: Record<string, { models: readonly RouteModel[] }> = {};
  for (const [name, value] of Object.entries(reader.record(input, "/routes") ?? {})) {
    const at = reader.child("/routes", name);
    reader.name(name, at);
    const route = reader.record(value, at, ["models"]);
    if (route === undefined) continue;
    const models = reader.list(route["models"], `${at}/models`);
    if (models.length === 0) reader.fault(`${at}/models`, undefined, "A route needs at least one model.", "List one.");
    routes[name] = {
      models: models.flatMap((model, index) => parseRouteModel(reader, model, `${at}/models/${index}`, providers)),
    };
  }
  return routes;
}

function parseRouteModel(
  reader: ConfigReader,
  input: unknown,
  at: string,
  providers: Readonly<Record<string, ProviderConfig>>,
): RouteModel[] {
  const fields = reader.record(input, at, ["provider", "model", "tier"]);
  if (fields === undefined) return [];
  const provider = reader.text(fields["provider"], `${at}/provider`);
  if (provider !== "" && !Object.hasOwn(providers, provider)) {
    const names = Object.keys(providers).join(", ");
    reader.fault(`${at}/provider`, provider, "No provider has this name.", `Use one of: ${names}.`);
  }
  const tier = fields["tier"] ?? "strong";
  if (tier !== "cheap" && tier !== "strong") {
    reader.fault(`${at}/tier`, tier, "A tier is cheap or strong.", "Write cheap or strong.");
    return [];
  }
  return [{ provider, model: reader.name(fields["model"], `${at}/model`), tier }];
}

function parsePrices(reader: ConfigReader, input: unknown): PriceTable {
  const prices: Record<string, Price> = { ...listPrices };
  for (const [model, value] of Object.entries(input === undefined ? {} : (reader.record(input, "/prices") ?? {}))) {
    const at = reader.child("/prices", model);
    const fields = reader.record(value, at, ["inputMicroUsdPerMillion", "outputMicroUsdPerMillion", "asOf"]);
    if (fields === undefined) continue;
    prices[model] = {
      inputMicroUsdPerMillion: parsePrice(reader, fields["inputMicroUsdPerMillion"], `${at}/inputMicroUsdPerMillion`),
      outputMicroUsdPerMillion: parsePrice(
        reader,
        fields["outputMicroUsdPerMillion"],
        `${at}/outputMicroUsdPerMillion`,
      ),
      asOf: fields["asOf"] === undefined ? "" : reader.text(fields["asOf"], `${at}/asOf`),
    };
  }
  return prices;
}

/** A price left out is a fault: it must never count as free. */
function parsePrice(reader: ConfigReader, value: unknown, at: string): number {
  if (value === undefined)
    reader.fault(at, value, "A price has both an input and an output part.", "Write micro-USD per million tokens.");
  return reader.integer(value, at, { fallback: 0, min: 0 });
}

function parseApiKeys(reader: ConfigReader, input: unknown): readonly CallerKey[] {
  return (input === undefined ? [] : reader.list(input, "/apiKeys")).flatMap((value, index) => {
    const at = `/apiKeys/${index}`;
    const fields = reader.record(value, at, ["name", "sha256"]);
    if (fields === undefined) return [];
    const sha256 = fields["sha256"];
    if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/i.test(sha256)) {
      // Not shown: somebody may have written the key itself.
      reader.fault(
        `${at}/sha256`,
        undefined,
        "This must be a SHA-256 in hex.",
        "Hash the key: printf %s KEY | sha256sum.",
      );
      return [];
    }
    return [{ name: reader.text(fields["name"], `${at}/name`), sha256: sha256.toLowerCase() }];
  });
}
