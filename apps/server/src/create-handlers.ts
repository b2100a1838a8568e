/** Which feature answers which route of the contract. */
import { inertFlags } from "@dimmer/catalog";
import { listAudit } from "./audit/audit-log.ts";
import type { Services } from "./create-services.ts";
import { environmentHandlers } from "./environments/environment-routes.ts";
import { flagHandlers } from "./flags/flag-routes.ts";
import type { RouteHandlers } from "./http/route-handlers.ts";
import { killHandlers } from "./kills/kill-routes.ts";
import { rolloutHandlers } from "./rollouts/rollout-routes.ts";
import { stageHandlers } from "./stages/stage-routes.ts";
import { readStatus } from "./status/environment-status.ts";
import { tokenHandlers } from "./tokens/token-routes.ts";

/** A handler for every route but the stream. */
export function createHandlers(services: Services): RouteHandlers {
  const { storage, environments, flags, kills, stages, rollouts, observations, replicas, tokens, readOnlyMode, clock } =
    services;
  return {
    ...environmentHandlers(environments, readOnlyMode),
    ...flagHandlers({
      storage,
      flags,
      kills,
      owners: (environment) => rollouts.owners(environment),
      inert: inertFlags,
      readOnlyMode,
      clock,
    }),
    ...killHandlers(kills, readOnlyMode),
    ...stageHandlers(stages, readOnlyMode),
    ...rolloutHandlers(rollouts, readOnlyMode),
    ...tokenHandlers(tokens, environments, readOnlyMode),
    getStatus: ({ params }) => readStatus(services, params.environment),
    sendObservations: async ({ params, body }) => await observations.take(params.environment, body),
    listAudit: async ({ params, query }) => await listAudit(storage.read, params.environment, query),
    listReplicas: ({ params }) => replicas.list(params.environment),
    reportReplica: ({ params, body }) => replicas.report(params.environment, params.instance, body),
  };
}
