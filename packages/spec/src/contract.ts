/** What each route takes and answers. The server validates by it, OpenAPI is generated from it, the client is typed by it. */
import { z } from "zod";
import { changeResult, changeSetRequest } from "./change-set.ts";
import {
  auditEntry,
  createTokenRequest,
  environment,
  environmentName,
  environmentStatus,
  flagHistoryEntry,
  flagView,
  killRequest,
  killResult,
  killState,
  replica,
  replicaReport,
  reviveRequest,
  streamEvent,
  token,
} from "./control-plane.ts";
import { flagSet } from "./flag-set.ts";
import { killSet } from "./kill.ts";
import { observationBatch } from "./observation.ts";
import { rollout, rolloutAction, rolloutPoint, startRolloutRequest } from "./rollout.ts";
import type { RouteName } from "./routes.ts";
import { enterStageRequest, stageStatus } from "./stage.ts";

/** The forms of one route. Query values arrive as strings and are coerced. */
export interface RouteForms {
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  readonly response: z.ZodType;
}

const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  before: z.coerce.number().int().optional().describe("Only entries older than this id or version"),
});

/** The forms of every route, by its name in routes.ts. */
export const contract = {
  listEnvironments: { response: z.array(environment) },
  createEnvironment: { body: z.strictObject({ name: environmentName }), response: environment },
  getStatus: { response: environmentStatus },
  getFlagSet: { response: flagSet },
  listFlags: { response: z.array(flagView) },
  getFlag: { response: flagView },
  getFlagHistory: { query: page, response: z.array(flagHistoryEntry) },
  applyChangeSet: { body: changeSetRequest, response: changeResult },
  getStage: { response: stageStatus },
  enterStage: { body: enterStageRequest, response: changeResult.extend({ stage: stageStatus }) },
  getKills: { response: killState },
  addKill: { body: killRequest, response: killResult },
  mergeKills: {
    body: killSet,
    response: killState.extend({ durable: z.boolean().optional().describe("Whether what was merged is on disk") }),
  },
  reviveKills: { body: reviveRequest, response: killResult },
  listRollouts: { query: page.extend({ flag: z.string().optional() }), response: z.array(rollout) },
  startRollout: { body: startRolloutRequest, response: rollout.extend({ undo: z.string() }) },
  getRollout: { response: rollout },
  getRolloutHistory: { response: z.array(rolloutPoint) },
  actOnRollout: {
    body: z.strictObject({ action: rolloutAction, reason: z.string().max(1024).default("") }),
    response: rollout.extend({ undo: z.string().optional() }),
  },
  sendObservations: {
    body: observationBatch,
    response: z.object({ accepted: z.int(), known: z.int().describe("Reports that had arrived before") }),
  },
  listAudit: { query: page, response: z.array(auditEntry) },
  listReplicas: { response: z.array(replica) },
  reportReplica: { body: replicaReport, response: replica },
  stream: {
    query: z.strictObject({
      topics: z.string().optional().describe("Comma-separated; default flag-set,kills"),
      instanceId: z.string().max(128).optional().describe("Makes the reader a replica that others see"),
      kind: z.string().max(32).optional(),
    }),
    response: streamEvent,
  },
  listTokens: { response: z.array(token) },
  createToken: { body: createTokenRequest, response: token.extend({ secret: z.string() }) },
  deleteToken: { response: z.object({ deleted: z.boolean() }) },
} as const satisfies Record<RouteName, RouteForms>;

/** The contract as a type, for clients: import it as a type only. */
export type Contract = typeof contract;
