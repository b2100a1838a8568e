/** How the picture of an environment follows its stream. Pure. */
import type { AuditEntry, EnvironmentStatus, Rollout, StreamEvent } from "@dimmer/spec";
import { isUnfinished } from "../rollout/rollout-progress.ts";

/** The status after an event. Every event carries the whole new state of its part, so applying one twice changes nothing. */
export function applyStreamEvent(status: EnvironmentStatus, event: StreamEvent): EnvironmentStatus {
  switch (event.event) {
    case "flag-set":
      return event.data.version <= status.version ? status : { ...status, version: event.data.version };
    case "kills":
      if (event.data.killVersion < status.killVersion) return status;
      return { ...status, killVersion: event.data.killVersion, activeKills: event.data.active };
    case "stage":
      return { ...status, stage: event.data };
    case "rollout":
      return { ...status, rollouts: replaceRollout(status.rollouts, event.data) };
    case "replicas":
      return { ...status, replicas: event.data };
    case "audit":
      return status;
  }
}

/** The audit tail with an entry more: newest first, each once, `limit` at most. */
export function addAuditEntry(entries: readonly AuditEntry[], entry: AuditEntry, limit: number): AuditEntry[] {
  const others = entries.filter(({ id }) => id !== entry.id);
  return [entry, ...others].sort((a, b) => b.id - a.id).slice(0, limit);
}

/** Like the status itself: every unfinished attempt and the latest finished one of each flag, newest first. */
function replaceRollout(rollouts: readonly Rollout[], changed: Rollout): Rollout[] {
  const all = [changed, ...rollouts.filter(({ id }) => id !== changed.id)].sort(byStart);
  const seen = new Set<string>();
  return all.filter((rollout) => {
    if (isUnfinished(rollout)) return true;
    if (seen.has(rollout.flag)) return false;
    seen.add(rollout.flag);
    return true;
  });
}

function byStart(a: Rollout, b: Rollout): number {
  return Date.parse(b.startedAt) - Date.parse(a.startedAt) || b.attempt - a.attempt;
}
