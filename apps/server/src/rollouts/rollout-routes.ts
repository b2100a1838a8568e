/** The rollouts' part of the API. */
import type { RouteHandlers } from "../http/route-handlers.ts";
import type { ReadOnlyMode } from "../status/read-only-mode.ts";
import type { RolloutService } from "./rollout-service.ts";

type RolloutHandlers = Pick<
  RouteHandlers,
  "listRollouts" | "startRollout" | "getRollout" | "getRolloutHistory" | "actOnRollout"
>;

export function rolloutHandlers(rollouts: RolloutService, readOnlyMode: ReadOnlyMode): RolloutHandlers {
  return {
    listRollouts: async ({ params, query }) => await rollouts.list(params.environment, query),
    async startRollout({ params, body, principal }) {
      readOnlyMode.assertWritable(params.environment, "a rollout");
      return await rollouts.start(params.environment, body, principal.name);
    },
    getRollout: async ({ params }) => await rollouts.get(params.environment, params.rollout),
    getRolloutHistory: async ({ params }) => await rollouts.history(params.environment, params.rollout),
    async actOnRollout({ params, body, principal }) {
      if (body.action !== "rollback") readOnlyMode.assertWritable(params.environment, `to ${body.action} a rollout`);
      return await rollouts.act(params.environment, params.rollout, body, principal.name);
    },
  };
}
