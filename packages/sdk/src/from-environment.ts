/** The usual wiring of a Dimmer, from environment variables. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createApiClient } from "@dimmer/api-client";
import type { ApiClient } from "@dimmer/api-client";
import { defaultDirectory, findControlPlane } from "@dimmer/api-client/find-control-plane";
import { DimmerError } from "@dimmer/spec/errors";
import { backgroundClock } from "@dimmer/stores";
import { createControlPlaneStore } from "@dimmer/stores/control-plane";
import { createEnvironmentKillStore, createEnvironmentOverrides } from "@dimmer/stores/env";
import type { EnvironmentVariables } from "@dimmer/stores/env";
import { createFlagFile } from "@dimmer/stores/file";
import { createDimmer } from "./create-dimmer.ts";
import type { Dimmer, DimmerOptions } from "./dimmer.ts";

/** What the program adds to the environment. Everything of DimmerOptions may be given; stores given come before those of the environment. */
export interface FromEnvironmentOptions extends Partial<Omit<DimmerOptions, "overrides">> {
  /** What kind of replica this is to the control plane, and the name of its folder in DIMMER_DIR. @defaultValue "sdk" */
  readonly kind?: string;
}

/** A control plane the environment names: its client, and the environment there. */
export interface ControlPlaneConnection {
  readonly client: ApiClient;
  readonly environment: string;
}

/**
 * DIMMER_URL, DIMMER_TOKEN, DIMMER_ENVIRONMENT (default `default`): the control plane; without a URL the one that runs
 * out of DIMMER_DIR (default ./.dimmer), which is followed when it comes back on another port. DIMMER_FLAGS_FILE: a flag
 * file that overlays it. DIMMER_DIR: where snapshots and the kill latch live, in a subfolder named for `kind` and
 * environment; without it they are kept only where a control plane runs out of ./.dimmer. DIMMER_FLAG_<NAME>, and the
 * bare <NAME> of flags in `definitions`: overrides. DIMMER_KILL="provider:google,all": kills. An empty variable is one
 * that is not set.
 * Throws DimmerError `config_invalid` that names the variable.
 */
export function createDimmerFromEnvironment(env: EnvironmentVariables, options: FromEnvironmentOptions = {}): Dimmer {
  const { kind = "sdk", ids = randomUUID, definitions } = options;
  const set = withoutEmpty(env);
  const instanceId = options.instanceId ?? ids();
  const connection = connectFromEnvironment(set);
  const controlPlane =
    connection === undefined ? undefined : createControlPlaneStore({ ...connection, instanceId, kind });
  const path = set["DIMMER_FLAGS_FILE"];
  const file = path === undefined ? undefined : createFlagFile({ path });
  const kills = createEnvironmentKillStore(set, { nowMs: (options.clock ?? backgroundClock).nowMs(), id: ids() });
  const directory = options.directory ?? folderOf(set, kind, connection);
  return createDimmer({
    ...(controlPlane === undefined ? {} : { observations: controlPlane, replica: controlPlane }),
    ...options,
    ...(directory === undefined ? {} : { directory }),
    stores: [...(options.stores ?? []), ...present(file), ...present(controlPlane)],
    killStores: [...(options.killStores ?? []), ...present(kills), ...present(controlPlane)],
    overrides: createEnvironmentOverrides(set, { bareKeys: Object.keys(definitions?.flags ?? {}) }),
    instanceId,
    ids,
  });
}

function present<T>(value: T | undefined): readonly T[] {
  return value === undefined ? [] : [value];
}

/** A client of the control plane the environment names; undefined when it names none. Throws `config_invalid` that names the variable. */
export function connectFromEnvironment(env: EnvironmentVariables): ControlPlaneConnection | undefined {
  const address = findControlPlane(withoutEmpty(env));
  if (address === undefined) return undefined;
  const { environment, ...server } = address;
  try {
    return { client: createApiClient(server), environment };
  } catch (error) {
    if (!DimmerError.is(error)) throw error;
    const variable = error.details["field"] === "token" ? "DIMMER_TOKEN" : "DIMMER_URL";
    throw new DimmerError(
      error.code,
      `${variable}: ${error.message}`,
      { ...error.details, variable },
      { cause: error },
    );
  }
}

function folderOf(
  env: EnvironmentVariables,
  kind: string,
  connection: ControlPlaneConnection | undefined,
): string | undefined {
  const isLocal = connection !== undefined && env["DIMMER_URL"] === undefined;
  const directory = env["DIMMER_DIR"] ?? (isLocal ? defaultDirectory : undefined);
  return directory === undefined ? undefined : join(directory, `${kind}-${env["DIMMER_ENVIRONMENT"] ?? "default"}`);
}

/** Compose files hand on variables that are not set as empty ones. */
function withoutEmpty(env: EnvironmentVariables): EnvironmentVariables {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
}
