/** The snapshot in force: replaced whole whenever flags or kills change, and whoever listens is told which flags did. */
import { DimmerError } from "@dimmer/spec/errors";
import type { EventListeners } from "./event-listeners.ts";
import type { FaultList } from "./fault-list.ts";
import type { KillWatch } from "./kills/kill-watch.ts";
import type { Ladder } from "./ladder/ladder.ts";
import { changedForced, createSnapshot } from "./snapshot.ts";
import type { Overrides, Snapshot } from "./snapshot.ts";

export interface SnapshotParts {
  readonly ladder: Ladder;
  readonly kills: KillWatch;
  readonly overrides: Overrides;
  readonly faults: FaultList;
  readonly listeners: EventListeners;
}

export class CurrentSnapshot {
  readonly #parts: SnapshotParts;
  #value: Snapshot;

  constructor(parts: SnapshotParts) {
    this.#parts = parts;
    this.#value = createSnapshot(parts.ladder.compiled, parts.kills.active, parts.overrides).snapshot;
  }

  get value(): Snapshot {
    return this.#value;
  }

  /** Something has changed: everything is answered anew from here on. Which definitions have changed is asked only for listeners. */
  renew(findChanged: () => readonly string[] = () => []): void {
    const { ladder, kills, overrides, faults, listeners } = this.#parts;
    const before = this.#value;
    const renewed = createSnapshot(ladder.compiled, kills.active, overrides);
    this.#value = renewed.snapshot;
    // Before every store has spoken, an override's flag may only be on its way.
    if (ladder.isReady) {
      const errors = renewed.faults.map(({ message, fix }) => new DimmerError("config_invalid", message, { fix }));
      faults.set("overrides", "apply", ...errors);
    }
    if (!listeners.has("change")) return;
    const keys = [...new Set([...findChanged(), ...changedForced(before, renewed.snapshot)])];
    if (keys.length > 0) listeners.tell("change", { keys });
  }
}
