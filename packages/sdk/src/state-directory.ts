/** What a process keeps on disk: disk snapshots, the kill latch, and the word of an operator who accepts another set. */
import { accessSync, constants, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "@dimmer/api-client";
import { DimmerError } from "@dimmer/spec/errors";
import { createKillFile } from "@dimmer/stores/file";
import type { KillFile } from "@dimmer/stores/file";
import { createDiskSnapshot } from "./disk-snapshot.ts";
import type { DiskSnapshot } from "./disk-snapshot.ts";
import type { FaultList } from "./fault-list.ts";

export interface StateDirectory {
  readonly latch: KillFile;
  /** An operator writes the id of a set here to have it followed. */
  readonly acceptPath: string;
  snapshotOf(store: string): DiskSnapshot;
  /** The id of the set an operator has accepted; undefined when there is none. */
  acceptedSetId(): string | undefined;
}

/** Makes the folder, and says at once when it cannot be written: later may be too late. Nothing is thrown. */
export function openStateDirectory(directory: string, clock: Clock, faults: FaultList): StateDirectory {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The folder ${directory} cannot be used: ${reason}. Nothing survives a restart of this process.`;
    faults.set("directory", "folder", new DimmerError("store_unwritable", message, { directory }, { cause: error }));
  }
  const acceptPath = join(directory, "accept-set-id");
  return {
    latch: createKillFile({ path: join(directory, "kills.jsonl"), name: "latch", clock }),
    acceptPath,
    snapshotOf: (store) => createDiskSnapshot(directory, store),
    acceptedSetId: () => readText(acceptPath),
  };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    // Nobody has accepted anything.
    return undefined;
  }
}
