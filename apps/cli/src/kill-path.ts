/**
 * How kills and revives find their way: the control plane, and when that does not take them, the kill log of this
 * machine, which server and gateways follow themselves.
 */
import type { ApiClient } from "@dimmer/api-client";
import { DimmerError } from "@dimmer/spec/errors";
import type { KillResult } from "@dimmer/spec";
import type { Invocation, Option } from "./command.ts";
import { connect } from "./connection.ts";
import type * as killLog from "./local-kill-log.ts";
import { reasonOption } from "./reason-option.ts";

/** What was done, and through what. */
export interface KillOutcome extends KillResult {
  readonly through: "control-plane" | "kill-log";
}

/** One change to the kills, for either way. */
export interface KillChange {
  readonly byControlPlane: (client: ApiClient, params: { readonly environment: string }) => Promise<KillResult>;
  readonly byKillLog: (log: typeof killLog) => Promise<KillResult>;
}

/** Options of `kill` and `revive`. */
export const killOptions = {
  ...reasonOption,
  local: { type: "boolean", description: "write into the kill log in --dir and ask no control plane" },
} as const satisfies Record<string, Option>;

/** A control plane that has not answered by then is as good as none; the kill must not wait for it. */
const deadlineMs = 2000;

/**
 * Makes the change. Falls back to the kill log when a local control plane cannot take it; one that was named by --url
 * or DIMMER_URL may be on another machine, where a log written here reaches nobody.
 */
export async function changeKills(invocation: Invocation, change: KillChange): Promise<KillOutcome> {
  const { env, options, output } = invocation;
  if (options["local"] !== true) {
    try {
      const { client, params } = connect(invocation, { timeoutMs: deadlineMs });
      return { ...(await change.byControlPlane(client, params)), through: "control-plane" };
    } catch (error) {
      if (!DimmerError.is(error) || !isOutage(error)) throw error;
      if (env["DIMMER_URL"] !== undefined) {
        output.say(
          "Nothing has happened. On the machine of the gateway, --local writes into its kill log without a control plane.",
        );
        throw error;
      }
      output.say(`${error.message} Writing into the kill log instead.`);
    }
  }
  // Loaded only now: the usual way is through the control plane, and it is in a hurry.
  return { ...(await change.byKillLog(await import("./local-kill-log.ts"))), through: "kill-log" };
}

/** Who heard of it, in words. */
export function describeReach(outcome: KillOutcome, directory: string): string {
  if (outcome.through === "kill-log")
    return `written into the kill log in ${directory}; every gateway and server of that folder applies it as soon as it runs`;
  const { connected, applied } = outcome.replicas;
  if (connected === 0) return "no process is connected";
  return applied === connected
    ? `${applied === 1 ? "the connected process has" : `all ${applied} connected processes have`} applied it`
    : `only ${applied} of ${connected} connected processes have confirmed it; 'dimmer status' shows which`;
}

function isOutage({ definition }: DimmerError): boolean {
  return definition.kind === "unavailable" || definition.kind === "internal";
}
