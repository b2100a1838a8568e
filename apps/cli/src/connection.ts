/** The control plane a command speaks to. */
import { createApiClient, type ApiClient } from "@dimmer/api-client";
import { findControlPlane } from "@dimmer/api-client/find-control-plane";
import { DimmerError } from "@dimmer/spec/errors";
import type { Invocation } from "./command.ts";

/** A client and the environment its calls are about. */
export interface Connection {
  readonly client: ApiClient;
  readonly url: string;
  readonly params: { readonly environment: string };
}

/** Connects by --url, DIMMER_URL or the server that runs out of the data folder. Throws server_unreachable when there is none. */
export function connect(invocation: Invocation, options: { readonly timeoutMs?: number } = {}): Connection {
  const address = findControlPlane(invocation.env);
  if (address === undefined) {
    throw new DimmerError(
      "server_unreachable",
      `No control plane runs out of ${invocation.env["DIMMER_DIR"] ?? "./.dimmer"} (server.json and admin-token there would say where), and no --url was given.`,
    );
  }
  const { url, environment, ...rest } = address;
  try {
    return { client: createApiClient({ url, ...rest, ...options }), url, params: { environment } };
  } catch (error) {
    if (!DimmerError.is(error)) throw error;
    const source = error.details["field"] === "token" ? "--token or DIMMER_TOKEN" : "--url or DIMMER_URL";
    throw new DimmerError(error.code, `${source}: ${error.message}`, error.details, { cause: error });
  }
}

/** What a printed command needs to mean the same environment again; nothing for the one that is meant by itself. */
export function inEnvironment(env: Invocation["env"]): string {
  const environment = env["DIMMER_ENVIRONMENT"] ?? "default";
  return environment === "default" ? "" : ` --environment ${environment}`;
}
