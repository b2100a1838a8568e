/** The kills in force, arranged so that asking for one target is one lookup that allocates nothing. */
import type { Kill, KillScope } from "@dimmer/spec";

export type KilledTargets = Readonly<Record<KillScope, ReadonlySet<string>>>;

export function indexKills(kills: readonly Kill[]): KilledTargets {
  const targets = (scope: KillScope): ReadonlySet<string> =>
    new Set(kills.filter((kill) => kill.scope === scope).map((kill) => kill.target));
  return {
    all: targets("all"),
    provider: targets("provider"),
    model: targets("model"),
    route: targets("route"),
    flag: targets("flag"),
    tenant: targets("tenant"),
    tool: targets("tool"),
  };
}

/** Whether this target is killed; a kill of everything has no target. */
export function isTargetKilled(killed: KilledTargets, scope: KillScope, target: string | undefined): boolean {
  if (scope === "all") return killed.all.size > 0;
  return target !== undefined && killed[scope]?.has(target);
}
