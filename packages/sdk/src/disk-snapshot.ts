/**
 * The last good set of one store, on disk: what a process starts from when everything behind it is down. One file per
 * store: a line with the checksum of the rest, then the rest. A file that is torn or was changed by hand is not used.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { DimmerError } from "@dimmer/spec/errors";
import { writeFileAtomically } from "@dimmer/stores/file";
import type { SetIdentity } from "./ladder/judge-succession.ts";

/** What is kept of a store. */
export interface StoredSet extends SetIdentity {
  /** The document as the store told it. */
  readonly document: unknown;
  readonly origin: string;
  /** When the store last said that this is what it holds, unix ms. */
  readonly confirmedAtMs: number;
}

export interface DiskSnapshot {
  /** What was kept; undefined when there is nothing. Throws `store_unreadable` for what cannot be used. */
  read(): StoredSet | undefined;
  /** Keeps this; of several asked for at a time only the last is written. Resolves when it is on disk; rejects with `store_unwritable`. */
  write(set: StoredSet): Promise<void>;
}

const format = 1;

/** The snapshot of the store of this name in a folder. */
export function createDiskSnapshot(directory: string, store: string): DiskSnapshot {
  const path = join(directory, `flags-${encodeURIComponent(store)}.json`);
  let waiting: StoredSet | undefined;
  let writing: Promise<void> | undefined;

  const writeAll = async (): Promise<void> => {
    // Whoever waits for the new flags goes on first: putting thousands of them into words takes its time.
    await setImmediate();
    for (let next = waiting; next !== undefined; next = waiting) {
      waiting = undefined;
      await writeSnapshot(path, next);
    }
  };
  return {
    read: () => readSnapshot(path),
    write: (set) => {
      waiting = set;
      writing ??= writeAll().finally(() => (writing = undefined));
      return writing;
    },
  };
}

async function writeSnapshot(path: string, set: StoredSet): Promise<void> {
  // Processes that share a folder may be behind one another; what is newest stays.
  const kept = readIfUsable(path);
  if (kept !== undefined && kept.setId === set.setId && kept.version > set.version) return;
  const body = JSON.stringify(set);
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFileAtomically(path, `${JSON.stringify({ format, sha256: checksum(body) })}\n${body}\n`);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DimmerError(
      "store_unwritable",
      `The disk snapshot ${path} cannot be written: ${reason}.`,
      { path },
      { cause: error },
    );
  }
}

function readIfUsable(path: string): StoredSet | undefined {
  try {
    return readSnapshot(path);
  } catch {
    // It is about to be replaced.
    return undefined;
  }
}

function readSnapshot(path: string): StoredSet | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw unusable(path, error instanceof Error ? error.message : String(error));
  }
  const [head = "", body = ""] = text.split("\n");
  const header = parseJson(head);
  if (typeof header !== "object" || header === null || !("format" in header) || !("sha256" in header))
    throw unusable(path, "it has no checksum");
  if (header.format !== format) throw unusable(path, `its format is ${String(header.format)}, not ${format}`);
  if (header.sha256 !== checksum(body)) throw unusable(path, "its checksum is wrong");
  // The parse boundary: the checksum says that this is what was written.
  return parseJson(body) as StoredSet;
}

function unusable(path: string, reason: string): DimmerError {
  return new DimmerError("store_unreadable", `The disk snapshot ${path} is not used: ${reason}.`, {
    path,
    fix: "Nothing to do: it is written anew as soon as the store answers. Delete it if it cannot be overwritten.",
  });
}

function checksum(body: string): string {
  return createHash("sha256").update(body).digest("hex");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
