/** Composes a gateway process: flags and kills from the environment, v2 behind the Router port, configuration from a file. */
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { defaultDirectory } from "@dimmer/api-client/find-control-plane";
import { catalogDefinitions, providerFlag, providerFlagDefinition } from "@dimmer/catalog";
import { createGateway, type Router } from "@dimmer/gateway";
import { createCascadeRouter } from "@dimmer/orchestrator";
import { connectFromEnvironment, createDimmerFromEnvironment } from "@dimmer/sdk";
import type { FlagDefinitions } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { createKillFile } from "@dimmer/stores/file";
import { defaultGatewayConfig } from "./gateway-config.ts";
import { readGatewayConfig } from "./read-gateway-config.ts";

export interface GatewayProcessOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly host: string;
  readonly port: number;
  /** JSON or YAML file; absent: the default configuration. */
  readonly configFile?: string | undefined;
  /** Puts something around v2; the demo's bad release. */
  readonly aroundV2?: (router: Router) => Router;
  readonly say: (text: string) => void;
}

export interface GatewayProcess {
  readonly url: string;
  readonly close: (graceMs: number) => Promise<void>;
}

const readyTimeoutMs = 5000;

/** Starts the gateway; it serves from its last good snapshot when no store answers in time. */
export async function runGateway({
  env,
  host,
  port,
  configFile,
  aroundV2,
  say,
}: GatewayProcessOptions): Promise<GatewayProcess> {
  const config = configFile === undefined ? defaultGatewayConfig : await readGatewayConfig(configFile);
  const directory = env["DIMMER_DIR"] ?? defaultDirectory;
  const killLog = createKillFile({ path: join(directory, `kills-${env["DIMMER_ENVIRONMENT"] ?? "default"}.jsonl`) });
  const definitions = withProviderFlags(Object.keys(config.providers));
  const dimmer = createDimmerFromEnvironment(env, {
    definitions,
    kind: "gateway",
    // The same after a restart, so that nobody sees a second gateway; any free port is nobody's name.
    instanceId: `gateway-${hostname()}-${port === 0 ? `pid-${process.pid}` : port}`,
    killStores: [killLog],
    onFault: (error) => say(`${error.code}: ${error.message}`),
  });
  try {
    const v2 = createCascadeRouter();
    const gateway = createGateway({
      config,
      dimmer,
      router: aroundV2 === undefined ? v2 : aroundV2(v2),
      environment: env,
      ...adminToken(env, directory),
    });
    await dimmer.ready({ timeoutMs: readyTimeoutMs });
    await addProviderFlags(env, definitions).catch((error: unknown) =>
      say(`Flags of providers that are new could not be added: ${DimmerError.from(error).message}`),
    );
    const { url } = await gateway.listen({ host, port });
    return {
      url,
      close: async (graceMs) => {
        await gateway.close({ graceMs });
        await dimmer.close();
      },
    };
  } catch (error) {
    // The stream of flags would keep a process alive that serves nobody.
    await dimmer.close();
    throw error;
  }
}

/** The catalogue, and a flag, off, for every configured provider it does not list. */
function withProviderFlags(providers: readonly string[]): FlagDefinitions {
  const flags = Object.fromEntries(
    providers.map((provider) => [providerFlag(provider), providerFlagDefinition(provider)]),
  );
  return { ...catalogDefinitions, flags: { ...flags, ...catalogDefinitions.flags } };
}

/** Adds the flags the control plane does not have yet, so that a new provider can be turned on. */
async function addProviderFlags(env: GatewayProcessOptions["env"], definitions: FlagDefinitions): Promise<void> {
  const connection = connectFromEnvironment(env);
  if (connection === undefined) return;
  const params = { environment: connection.environment };
  const known = (await connection.client.getFlagSet({ params })).flags;
  const edits = Object.entries(definitions.flags).flatMap(([flag, definition]) =>
    Object.hasOwn(known, flag) ? [] : [{ type: "put" as const, flag, definition }],
  );
  if (edits.length > 0)
    await connection.client.applyChangeSet({
      params,
      body: { edits, reason: "providers the gateway is configured with" },
    });
}

/** DIMMER_GATEWAY_TOKEN, or the control plane's admin token where this process may read it. */
function adminToken(env: Readonly<Record<string, string | undefined>>, directory: string): { adminToken?: string } {
  const given = env["DIMMER_GATEWAY_TOKEN"];
  if (given !== undefined) return { adminToken: given };
  try {
    return { adminToken: readFileSync(join(directory, "admin-token"), "utf8").trim() };
  } catch {
    // No token to be had: /admin refuses everybody, and everything else works.
    return {};
  }
}
