/** The kills' part of the API. */
import { DimmerError } from "@dimmer/spec/errors";
import type { RouteHandlers } from "../http/route-handlers.ts";
import type { ReadOnlyMode } from "../status/read-only-mode.ts";
import { hasScope } from "../tokens/scopes.ts";
import type { KillService } from "./kill-service.ts";

type KillHandlers = Pick<RouteHandlers, "getKills" | "addKill" | "mergeKills" | "reviveKills">;

export function killHandlers(kills: KillService, readOnlyMode: ReadOnlyMode): KillHandlers {
  return {
    getKills: ({ params }) => kills.state(params.environment),

    addKill: async ({ params, body, principal }) => await kills.kill(params.environment, body, principal.name),

    async mergeKills({ params: { environment }, body, principal }) {
      if (kills.hasNewRevives(environment, body)) {
        if (!hasScope(principal, "revive")) {
          throw new DimmerError(
            "forbidden",
            `The token '${principal.name}' may kill but not revive, and the body holds revives that are new here.`,
            { token: principal.name, needed: "revive" },
          );
        }
        readOnlyMode.assertWritable(environment, "a revive");
      }
      return await kills.merge(environment, body, principal.name);
    },

    async reviveKills({ params, body, principal }) {
      readOnlyMode.assertWritable(params.environment, "a revive");
      return await kills.revive(params.environment, body, principal.name);
    },
  };
}
