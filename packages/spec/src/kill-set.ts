/**
 * The laws of kills, the same in every process: an observed-remove set. Stores merge by union, no clock decides who
 * wins, and a kill that a revive's author had not seen survives the revive. zod-free.
 */
import type { Kill, KillScope, KillSet, Revive } from "./kill.ts";

/** Knows of nothing. */
export const emptyKillSet: KillSet = { kills: [], revives: [] };

/** The union of two kill sets by record id. Commutative, associative, idempotent. */
export function mergeKillSets(a: KillSet, b: KillSet): KillSet {
  return { kills: unionById(a.kills, b.kills), revives: unionById(a.revives, b.revives) };
}

/** The kills in force at `nowMs`: unexpired, and named by no revive. */
export function activeKills(set: KillSet, nowMs: number): Kill[] {
  const revived = new Set(set.revives.flatMap((revive) => revive.killIds));
  return set.kills.filter((kill) => !revived.has(kill.id) && !isExpired(kill, nowMs));
}

/** Whether `target` of `scope` is killed by one of `kills` (as `activeKills` answers them). */
export function isKilled(kills: readonly Kill[], scope: KillScope, target: string): boolean {
  return kills.some((kill) => kill.scope === scope && (kill.scope === "all" || kill.target === target));
}

/** When the next kill in force expires, in unix ms; undefined when none will. A reader must look again then. */
export function nextExpiryMs(set: KillSet, nowMs: number): number | undefined {
  const times = activeKills(set, nowMs).flatMap((kill) =>
    kill.expiresAt === undefined ? [] : [Date.parse(kill.expiresAt)],
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

/** How long a revive is kept for a kill that never expires. */
export const reviveRetentionMs: number = 90 * 24 * 60 * 60 * 1000;

/**
 * Drops what can no longer matter: expired kills, revived kills past their expiry or 90 days after the revive, and
 * revives all of whose kills are gone. What is in force at `nowMs` never changes by it.
 */
export function pruneKillSet(set: KillSet, nowMs: number): KillSet {
  const revivedAtMs = new Map<string, number>();
  for (const revive of set.revives) {
    const at = Date.parse(revive.at);
    for (const id of revive.killIds) revivedAtMs.set(id, Math.max(at, revivedAtMs.get(id) ?? 0));
  }
  const isForgotten = (killId: string): boolean => {
    const at = revivedAtMs.get(killId);
    return at !== undefined && at + reviveRetentionMs < nowMs;
  };
  const kills = set.kills.filter((kill) => !isExpired(kill, nowMs) && !isForgotten(kill.id));
  const expired = new Set(set.kills.filter((kill) => isExpired(kill, nowMs)).map((kill) => kill.id));
  const revives = set.revives.filter((revive) => revive.killIds.some((id) => !expired.has(id) && !isForgotten(id)));
  return { kills, revives };
}

/** Prefix of the flag-like keys under which kills by model, provider and route can be read and set. */
const killSwitchKey = /^ai\.killswitch\.(model|provider|route)\.(.+)$/;

/** What `ai.killswitch.{model,provider,route}.<name>` stands for; undefined for every other key. */
export function parseKillSwitchKey(key: string): { scope: "model" | "provider" | "route"; target: string } | undefined {
  const match = killSwitchKey.exec(key);
  const scope = match?.[1];
  const target = match?.[2];
  if (target === undefined || (scope !== "model" && scope !== "provider" && scope !== "route")) return undefined;
  return { scope, target };
}

function isExpired(kill: Kill, nowMs: number): boolean {
  return kill.expiresAt !== undefined && Date.parse(kill.expiresAt) <= nowMs;
}

function unionById<T extends Kill | Revive>(a: readonly T[], b: readonly T[]): T[] {
  const byId = new Map<string, T>();
  for (const record of a) byId.set(record.id, record);
  for (const record of b) if (!byId.has(record.id)) byId.set(record.id, record);
  return [...byId.values()];
}
