/** One look at everything behind the getters. */
import type { FaultList } from "./fault-list.ts";
import type { FlagReader } from "./flag-reader.ts";
import type { KillWatch } from "./kills/kill-watch.ts";
import type { Ladder } from "./ladder/ladder.ts";
import type { ObservationSender } from "./observations/observation-sender.ts";
import type { DimmerStatus } from "./status.ts";

export interface StatusParts {
  readonly instanceId: string;
  readonly nowMs: number;
  readonly ladder: Ladder;
  readonly kills: KillWatch;
  readonly faults: FaultList;
  readonly flags: FlagReader;
  /** Undefined: observations are not kept. */
  readonly sender: ObservationSender | undefined;
}

export function describeStatus(parts: StatusParts): DimmerStatus {
  const { instanceId, nowMs, ladder, kills, flags, sender } = parts;
  const { base } = ladder;
  const faults = parts.faults.toArray();
  return {
    instanceId,
    isReady: ladder.isReady,
    isStale: !ladder.isReady || ladder.staleStores.length > 0,
    durable: kills.isDurable && !faults.some((fault) => fault.source === "directory"),
    source: base?.name ?? "definitions",
    version: base?.version ?? 0,
    ageMs: base?.ageMs(nowMs) ?? 0,
    killVersion: kills.killVersion,
    stores: ladder.status(),
    killStores: kills.status(),
    faults,
    counters: {
      unknownFlags: flags.unknownFlags.toRecord(),
      typeMismatches: flags.typeMismatches.toRecord(),
      observationsSent: sender?.sent ?? 0,
      observationsDropped: sender?.dropped ?? 0,
    },
  };
}
