/** The usual wiring of a Dimmer, from environment variables. */
import type { ApiClient } from "@dimmer/api-client";
import type { EnvironmentVariables } from "@dimmer/stores/env";
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
 * out of DIMMER_DIR (default ./.dimmer). DIMMER_FLAGS_FILE: a flag file that overlays it. DIMMER_DIR: where snapshots
 * and the kill latch live, in a subfolder named for `kind`. DIMMER_FLAG_<NAME>, and the bare <NAME> of flags in
 * `definitions`: overrides. DIMMER_KILL="provider:google,all": kills.
 * Throws DimmerError `config_invalid` that names the variable.
 */
export declare function createDimmerFromEnvironment(
  env: EnvironmentVariables,
  options?: FromEnvironmentOptions,
): Dimmer;

/** A client of the control plane the environment names; undefined when it names none. */
export declare function connectFromEnvironment(env: EnvironmentVariables): ControlPlaneConnection | undefined;
