/** A flag file, JSON or YAML by its ending, followed while people and deployments edit it. */
import type { Clock } from "@dimmer/api-client";
import type { StoreReader, StoreWriter } from "../ports.ts";

/** Which file, and how it is followed. */
export interface FlagFileOptions {
  /** `.yaml` and `.yml` are read as YAML, everything else as JSON. */
  readonly path: string;
  /** @defaultValue "file" */
  readonly name?: string;
  /** How often the file is looked at, besides being watched. @defaultValue 2,000 */
  readonly pollIntervalMs?: number;
  readonly clock?: Clock;
}

/** Reads, follows and edits one flag file. The folder is watched, so rename-over, truncate-then-write and symlink swaps are all seen. */
export declare function createFlagFile(options: FlagFileOptions): StoreReader & StoreWriter;
