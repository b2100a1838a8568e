/** The control plane's routes: method, path and the scope each needs. zod-free, so that clients stay light; the forms are in contract.ts. */
import type { Scope } from "./control-plane.ts";

/** One route. `:name` parts of the path are parameters. */
export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  readonly scope: Scope;
  readonly summary: string;
}

const inEnvironment = "/api/v1/environments/:environment";

/** Every route of the control plane's own API. The stream is the one that does not answer JSON. */
export const routes = {
  listEnvironments: { method: "GET", path: "/api/v1/environments", scope: "read", summary: "The environments." },
  createEnvironment: {
    method: "POST",
    path: "/api/v1/environments",
    scope: "admin",
    summary: "Creates an environment, its flags at their catalogue definitions.",
  },
  getStatus: {
    method: "GET",
    path: `${inEnvironment}/status`,
    scope: "read",
    summary: "Stage, kills, rollouts and replicas at one look.",
  },
  getFlagSet: {
    method: "GET",
    path: `${inEnvironment}/flag-set`,
    scope: "read",
    summary: "The whole flag set, as instances evaluate it.",
  },
  listFlags: {
    method: "GET",
    path: `${inEnvironment}/flags`,
    scope: "read",
    summary: "The flags as a screen shows them.",
  },
  getFlag: { method: "GET", path: `${inEnvironment}/flags/:flag`, scope: "read", summary: "One flag." },
  getFlagHistory: {
    method: "GET",
    path: `${inEnvironment}/flags/:flag/history`,
    scope: "read",
    summary: "Earlier definitions of one flag, newest first.",
  },
  applyChangeSet: {
    method: "POST",
    path: `${inEnvironment}/change-sets`,
    scope: "operate",
    summary: "Edits flags; all land or none.",
  },
  getStage: {
    method: "GET",
    path: `${inEnvironment}/stage`,
    scope: "read",
    summary: "The stage the environment stands in.",
  },
  enterStage: { method: "PUT", path: `${inEnvironment}/stage`, scope: "operate", summary: "Enters a stage." },
  getKills: {
    method: "GET",
    path: `${inEnvironment}/kills`,
    scope: "read",
    summary: "Every kill and revive, and the kills in force.",
  },
  addKill: { method: "POST", path: `${inEnvironment}/kills`, scope: "kill", summary: "Kills a target at once." },
  mergeKills: {
    method: "PUT",
    path: `${inEnvironment}/kills`,
    scope: "kill",
    summary: "Merges kills and revives that another store knows; revives need the scope revive.",
  },
  reviveKills: { method: "POST", path: `${inEnvironment}/revives`, scope: "revive", summary: "Revives kills." },
  listRollouts: {
    method: "GET",
    path: `${inEnvironment}/rollouts`,
    scope: "read",
    summary: "The rollouts, newest first.",
  },
  startRollout: {
    method: "POST",
    path: `${inEnvironment}/rollouts`,
    scope: "operate",
    summary: "Starts a rollout; its flag starts again from the first step.",
  },
  getRollout: { method: "GET", path: `${inEnvironment}/rollouts/:rollout`, scope: "read", summary: "One rollout." },
  getRolloutHistory: {
    method: "GET",
    path: `${inEnvironment}/rollouts/:rollout/history`,
    scope: "read",
    summary: "Both arms over time, for charts.",
  },
  actOnRollout: {
    method: "POST",
    path: `${inEnvironment}/rollouts/:rollout/actions`,
    scope: "operate",
    summary: "Pauses, resumes, promotes or rolls back.",
  },
  sendObservations: {
    method: "POST",
    path: `${inEnvironment}/observations`,
    scope: "observe",
    summary: "Takes in what instances measured; sending again changes nothing.",
  },
  listAudit: { method: "GET", path: `${inEnvironment}/audit`, scope: "read", summary: "What was done, newest first." },
  listReplicas: {
    method: "GET",
    path: `${inEnvironment}/replicas`,
    scope: "read",
    summary: "Who follows, at which version.",
  },
  reportReplica: {
    method: "PUT",
    path: `${inEnvironment}/replicas/:instance`,
    scope: "read",
    summary: "An instance says what it has applied.",
  },
  stream: {
    method: "GET",
    path: `${inEnvironment}/stream`,
    scope: "read",
    summary: "Server-sent events: the state of each topic, then every change.",
  },
  listTokens: { method: "GET", path: "/api/v1/tokens", scope: "admin", summary: "The tokens, without their secrets." },
  createToken: {
    method: "POST",
    path: "/api/v1/tokens",
    scope: "admin",
    summary: "Creates a token; its secret is shown once.",
  },
  deleteToken: { method: "DELETE", path: "/api/v1/tokens/:token", scope: "admin", summary: "Revokes a token." },
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
