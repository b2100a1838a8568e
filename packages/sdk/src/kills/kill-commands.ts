/** Killing and reviving from within this process. */
import type { Clock } from "@dimmer/api-client";
import { DimmerError } from "@dimmer/spec/errors";
import type { Dimmer } from "../dimmer.ts";
import type { KillWatch } from "./kill-watch.ts";
import { makeKill, makeRevive, targetOf } from "./make-kill.ts";
import type { Authorship } from "./make-kill.ts";

export interface KillCommandsOptions {
  readonly kills: KillWatch;
  readonly instanceId: string;
  readonly clock: Clock;
  readonly ids: () => string;
}

export function createKillCommands(options: KillCommandsOptions): Pick<Dimmer, "kill" | "revive"> {
  const { kills, instanceId, clock, ids } = options;
  const sign = (): Authorship => ({ id: ids(), by: `sdk:${instanceId}`, nowMs: clock.nowMs() });
  return {
    kill: async (input) => {
      const kill = makeKill(input, sign());
      return { kills: [kill], ...(await kills.add({ kills: [kill], revives: [] })) };
    },
    revive: async (input) => {
      const { scope, reason = "", by } = input;
      const target = targetOf(input);
      const revived = kills.revivable.filter((kill) => kill.scope === scope && kill.target === target);
      if (revived.length === 0) {
        const isOfEnvironment = kills.active.some((kill) => kill.scope === scope && kill.target === target);
        const why = isOfEnvironment
          ? "is killed by this process's environment; remove it from DIMMER_KILL and restart"
          : "is not killed";
        throw new DimmerError("kill_not_found", `The ${scope} '${target}' ${why}.`, { scope, target });
      }
      const ids = revived.map((kill) => kill.id);
      const revive = makeRevive(ids, reason, by === undefined ? sign() : { ...sign(), by });
      return { kills: revived, ...(await kills.add({ kills: [], revives: [revive] })) };
    },
  };
}
