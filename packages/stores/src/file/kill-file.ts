/** A kill file: append-only lines of JSON, one kill or revive each. */
import type { Clock } from "@dimmer/api-client";
import type { KillSet } from "@dimmer/spec";
import type { DimmerError } from "@dimmer/spec/errors";
import type { KillStore } from "../ports.ts";

/** Which file, and how it is followed. */
export interface KillFileOptions {
  readonly path: string;
  /** @defaultValue "kill-file" */
  readonly name?: string;
  /** How often the file is looked at, besides being watched. @defaultValue 1,000 */
  readonly pollIntervalMs?: number;
  readonly clock?: Clock;
}

/** A kill store in one file. */
export interface KillFile extends KillStore {
  /** Reads without waiting, for the start of a process: a missing file is empty; one that cannot be read is a fault. */
  readKillsSync(): { readonly killSet: KillSet; readonly fault?: DimmerError };
  /** Rewrites the file without what can no longer matter, when that saves anything. Safe beside other writers. */
  compact(): Promise<void>;
}

/**
 * Kills in an append-only file: O_APPEND and fsync, union on read, a torn last line tolerated. A disk that is full or
 * read-only is `durable: false`; the records then stay in memory and are written with the next merge.
 */
export declare function createKillFile(options: KillFileOptions): KillFile;
