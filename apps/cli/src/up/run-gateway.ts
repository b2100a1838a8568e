/** Composes a gateway process: flags and kills from the environment, v2 behind the Router port, configuration from a file. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultDirectory } from "@dimmer/api-client/find-control-plane";
import { catalogDefinitions } from "@dimmer/catalog";
import { createGateway, type GatewayConfigInput, type Router } from "@dimmer/gateway";
import { createCascadeRouter } from "@dimmer/orchestrator";
import { createDimmerFromEnvironment } from "@dimmer/sdk";
import { DimmerError } from "@dimmer/spec/errors";
import { createKillFile } from "@dimmer/stores/file";
import { defaultGatewayConfig } from "./gateway-config.ts";

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
  close(graceMs: number): Promise<void>;
}

const readyTimeoutMs = 5000;

/** Starts the gateway; it serves from its last good snapshot when no store answers in time. */
export async function runGateway({ env, host, port, configFile, aroundV2, say }: GatewayProcessOptions): Promise<GatewayProcess> {
  const config = configFile === undefined ? defaultGatewayConfig : await readGatewayConfig(configFile);
  const directory = env["DIMMER_DIR"] ?? defaultDirectory;
  const killLog = createKillFile({ path: join(directory, `kills-${env["DIMMER_ENVIRONMENT"] ?? "default"}.jsonl`) });
  const dimmer = createDimmerFromEnvironment(env, {
    definitions: catalogDefinitions,
    kind: "gateway",
    killStores: [killLog],
    onFault: (error) => say(`${error.code}: ${error.message}`),
  });
  const v2 = createCascadeRouter();
  const gateway = createGateway({
    config,
    dimmer,
    router: aroundV2 === undefined ? v2 : aroundV2(v2),
    environment: env,
    ...adminToken(env, directory),
  });
  await dimmer.ready({ timeoutMs: readyTimeoutMs });
  const { url } = await gateway.listen({ host, port });
  return {
    url,
    close: async (graceMs) => {
      await gateway.close({ graceMs });
      await dimmer.close();
    },
  };
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

async function readGatewayConfig(file: string): Promise<GatewayConfigInput> {
  const { parse } = await import("yaml");
  try {
    // createGateway parses it and lists every fault; YAML reads JSON as well.
    return parse(readFileSync(file, "utf8")) as GatewayConfigInput;
  } catch (error) {
    throw new DimmerError("config_invalid", `The gateway's configuration ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { file }, { cause: error });
  }
}
