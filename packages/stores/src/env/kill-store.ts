/** Kills from the environment variable DIMMER_KILL. */
import type { KillStore } from "../ports.ts";
import type { EnvironmentVariables } from "./overrides.ts";

/**
 * Kills that hold for as long as the process runs with `DIMMER_KILL="provider:google,all"`. They are not latched and
 * cannot be revived from elsewhere. Throws DimmerError `config_invalid` for an entry that is not `all` or
 * `<scope>:<target>`. undefined when the variable is not set.
 */
export declare function createEnvironmentKillStore(
  env: EnvironmentVariables,
  options: { readonly nowMs: number; readonly id: string },
): KillStore | undefined;
