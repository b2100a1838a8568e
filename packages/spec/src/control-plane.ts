/** The control plane's own records: environments, tokens, audit, replicas, stream events. */
import { z } from "zod";
import { environmentNamePattern } from "./environment-name.ts";
import { flag, flagSet, flagValue } from "./flag-set.ts";
import { kill, killSet } from "./kill.ts";
import { rollout } from "./rollout.ts";
import { stageStatus } from "./stage.ts";

export const environmentName = z
  .string()
  .regex(environmentNamePattern, "lower-case letters, digits and dashes, at most 63");
export const environment = z.object({
  name: environmentName,
  setId: z.string(),
  version: z.int(),
  createdAt: z.iso.datetime(),
});
export type Environment = z.infer<typeof environment>;

/** A flag as a screen shows it: its definition, and what else decides what it serves. */
export const flagView = z.object({
  key: z.string(),
  definition: flag,
  exposure: z.string().describe("What it serves, in words: 'true', '25 %', 'off'"),
  value: flagValue.optional().describe("What it serves to everyone; absent when that depends on the context"),
  killed: z.boolean(),
  locked: z.string().optional(),
  inert: z.string().optional().describe("Why setting it changes nothing yet"),
  ownedBy: z.string().optional().describe("Id of the rollout that owns its exposure"),
});
export type FlagView = z.infer<typeof flagView>;

/** One earlier definition of a flag. */
export const flagHistoryEntry = z.object({
  version: z.int(),
  at: z.iso.datetime(),
  by: z.string(),
  reason: z.string(),
  definition: flag.nullable().describe("null: the flag did not exist at this version"),
});
export type FlagHistoryEntry = z.infer<typeof flagHistoryEntry>;

/** What a token may do. `admin` includes all; `operate` includes kill and revive; both can be granted alone. */
export const scope = z.enum(["read", "observe", "operate", "admin", "kill", "revive"]);
export type Scope = z.infer<typeof scope>;
export const token = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(scope),
  environment: environmentName.nullable().describe("The one environment it is good for; null: all"),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().optional(),
});
export type Token = z.infer<typeof token>;
export const createTokenRequest = z.strictObject({
  name: z.string().min(1).max(128),
  scopes: z.array(scope).min(1),
  environment: environmentName.nullable().default(null),
  expiresAt: z.iso.datetime().optional(),
});

/** One thing that was done. Never edited. */
export const auditEntry = z.object({
  id: z.int(),
  environment: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  action: z
    .string()
    .describe(
      "noun-verb, past: flags-changed, stage-entered, kill-added, kills-revived, rollout-started, rollout-advanced ...",
    ),
  target: z.string(),
  reason: z.string(),
  version: z.int().optional().describe("Flag-set version it made"),
  undo: z.string().optional(),
});
export type AuditEntry = z.infer<typeof auditEntry>;

/** One process that follows this control plane, and what it has applied. */
export const replica = z.object({
  instanceId: z.string(),
  kind: z.string().describe("sdk, gateway, dashboard ..."),
  connectedAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  isConnected: z.boolean(),
  flagSetVersion: z.int(),
  killVersion: z.int(),
});
export type Replica = z.infer<typeof replica>;
export const replicaReport = z.strictObject({ flagSetVersion: z.int(), killVersion: z.int() });
export type ReplicaReport = z.infer<typeof replicaReport>;

/** Kills with their version, which rises with every change, as flag-set versions do. */
export const killState = z.object({ killVersion: z.int(), killSet, active: z.array(kill) });
export type KillState = z.infer<typeof killState>;

export const killRequest = z.strictObject({
  scope: kill.shape.scope,
  target: z.string().min(1).max(256).default("*"),
  reason: z.string().max(1024).default(""),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
export type KillRequest = z.input<typeof killRequest>;
export const reviveRequest = z
  .strictObject({
    killIds: z.array(z.string()).min(1).optional(),
    scope: kill.shape.scope.optional(),
    target: z.string().optional(),
    reason: z.string().max(1024).default(""),
  })
  .describe("Names kill ids, or a scope and target whose kills in force, as the server sees them, are revived");
export type ReviveRequest = z.input<typeof reviveRequest>;

/** What a kill or revive did. */
export const killResult = z.object({
  killVersion: z.int(),
  kills: z.array(kill).describe("The kill that was added, or the kills that were revived"),
  durable: z.boolean().describe("Whether it is on disk; a kill acts even when it is not"),
  replicas: z
    .object({ connected: z.int(), applied: z.int() })
    .describe("How many connected replicas had confirmed it when the answer was sent"),
  undo: z.string(),
});
export type KillResult = z.infer<typeof killResult>;

/**
 * The stream: `GET /api/v1/environments/:environment/stream`, server-sent events. A reader first receives the whole
 * present state of each topic it asked for, then every change; the data is always the whole new state, so a lost event
 * costs nothing and a resume (Last-Event-ID) only spares what the reader already has.
 */
export const streamEvent = z.discriminatedUnion("event", [
  z.object({ event: z.literal("flag-set"), data: flagSet }),
  z.object({ event: z.literal("kills"), data: killState }),
  z.object({ event: z.literal("stage"), data: stageStatus }),
  z.object({ event: z.literal("rollout"), data: rollout }),
  z.object({ event: z.literal("audit"), data: auditEntry }),
  z.object({ event: z.literal("replicas"), data: z.array(replica) }),
]);
export type StreamEvent = z.infer<typeof streamEvent>;
export type StreamTopic = StreamEvent["event"];

/** One look at everything a person asks first. */
export const environmentStatus = z.object({
  environment: z.string(),
  version: z.int(),
  killVersion: z.int(),
  isReadOnly: z.boolean(),
  isStorageWritable: z.boolean(),
  stage: stageStatus,
  activeKills: z.array(kill),
  rollouts: z.array(rollout).describe("Unfinished ones, and the latest finished one of each flag"),
  replicas: z.array(replica),
});
export type EnvironmentStatus = z.infer<typeof environmentStatus>;
