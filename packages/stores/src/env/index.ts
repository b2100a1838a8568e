/** Overrides and kills from environment variables. */
export { createEnvironmentOverrides, environmentName } from "./overrides.ts";
export type { EnvironmentVariables, OverridableFlag, OverrideFault, OverrideSource } from "./overrides.ts";
export { createEnvironmentKillStore } from "./kill-store.ts";
