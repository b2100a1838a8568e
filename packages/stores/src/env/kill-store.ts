/** Kills from the environment variable DIMMER_KILL. */
import type { Kill, KillSet } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { isKillScope, killScopes } from "../kill-record.ts";
import type { KillStore } from "../ports.ts";
import type { EnvironmentVariables } from "./overrides.ts";

/**
 * Kills that hold for as long as the process runs with `DIMMER_KILL="provider:google,all"`. They are not latched and
 * cannot be revived from elsewhere. Throws DimmerError `config_invalid` for an entry that is not `all` or
 * `<scope>:<target>`. undefined when the variable is not set.
 */
export function createEnvironmentKillStore(
  env: EnvironmentVariables,
  options: { readonly nowMs: number; readonly id: string },
): KillStore | undefined {
  const entries = (env["DIMMER_KILL"] ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  if (entries.length === 0) return undefined;
  const at = new Date(options.nowMs).toISOString();
  const killSet: KillSet = {
    // An id of this process alone: nobody elsewhere can have seen it, so nobody can revive it.
    kills: entries.map((entry, index) => ({
      id: `env-${options.id}-${index}`,
      ...parseEntry(entry),
      by: "environment",
      reason: "DIMMER_KILL",
      at,
    })),
    revives: [],
  };
  return {
    name: "environment",
    isLatched: false,
    readKills: () => Promise.resolve(killSet),
    mergeKills: () => Promise.resolve({ durable: false }),
    followKills: (listener, signal) => {
      if (!signal.aborted) listener.changed(killSet);
    },
  };
}

function parseEntry(entry: string): Pick<Kill, "scope" | "target"> {
  if (entry === "all") return { scope: "all", target: "*" };
  const colon = entry.indexOf(":");
  const scope = entry.slice(0, Math.max(colon, 0)).trim();
  const target = entry.slice(colon + 1).trim();
  if (!isKillScope(scope) || scope === "all" || target === "") {
    throw new DimmerError(
      "config_invalid",
      `DIMMER_KILL holds '${entry}', which is neither 'all' nor '<scope>:<target>' with a scope of ${killScopes.filter((name) => name !== "all").join(", ")}.`,
      { field: "DIMMER_KILL", value: entry },
    );
  }
  return { scope, target };
}
