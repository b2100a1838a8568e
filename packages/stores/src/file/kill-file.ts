/**
 * A kill store in one append-only file. Several processes may write it at a time without a lock: see append-lines.ts and
 * compact-kill-log.ts for why nothing is lost.
 */
import { readFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import type { Clock } from "@dimmer/api-client";
import type { KillSet } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { emptyKillSet, mergeKillSets, pruneKillSet } from "@dimmer/spec/kill-set";
import { backgroundClock } from "../background-clock.ts";
import type { KillListener, KillStore } from "../ports.ts";
import { appendLines } from "./append-lines.ts";
import { compactKillLog, oldPathOf } from "./compact-kill-log.ts";
import { formatKillLog, idsOf, parseKillLog, withoutIds } from "./kill-log.ts";
import type { KillLog } from "./kill-log.ts";
import { watchFile } from "./watch-file.ts";

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
  /** Reads without waiting, for the start of a process. A missing file is empty; one that cannot be read, or not whole, is a fault. */
  readKillsSync(): { readonly killSet: KillSet; readonly fault?: DimmerError };
  /** Rewrites the file without what can no longer matter, when that saves anything. Safe beside other writers; rejects with `store_unwritable`. */
  compact(): Promise<void>;
}

/**
 * Kills in an append-only file: O_APPEND and fsync, union on read, a torn last line tolerated. A disk that is full or
 * read-only is `durable: false`; the records then stay in memory and are written with the next merge, or when the file
 * is followed and can be written again.
 */
export function createKillFile(options: KillFileOptions): KillFile {
  const { path, name = "kill-file", pollIntervalMs = 1000, clock = backgroundClock } = options;
  let known = emptyKillSet;
  let written: ReadonlySet<string> = new Set();
  let last: Promise<unknown> = Promise.resolve();

  // One thing at a time: what is known to be on disk must not change under a writer.
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
  const takeIn = (text: string): KillLog => {
    const log = parseKillLog(text);
    written = idsOf(log.killSet);
    known = mergeKillSets(known, log.killSet);
    return log;
  };
  const load = async (): Promise<KillLog> => {
    try {
      return takeIn(await readWhole(path));
    } catch (error) {
      throw unreadable(path, error);
    }
  };
  /** Whether everything known that still matters is on disk now. */
  const writeMissing = async (): Promise<boolean> => {
    const missing = withoutIds(pruneKillSet(known, clock.nowMs()), written);
    const lines = formatKillLog(missing);
    if (lines === "") return true;
    try {
      await appendLines(path, lines);
    } catch {
      // An expected outcome: `durable: false` says it, and the records are tried again.
      return false;
    }
    written = new Set([...written, ...idsOf(missing)]);
    return true;
  };
  const createLook = (listener: KillListener, signal: AbortSignal): (() => Promise<undefined>) => {
    let signature: string | undefined;
    let fault: DimmerError | undefined;
    return () =>
      inTurn(async () => {
        const now = await signatureOf(path);
        try {
          const isNew = now !== signature;
          if (isNew) {
            const log = await load();
            fault = foreignFault(path, log);
            signature = now;
          }
          await writeMissing();
          if (signal.aborted) return undefined;
          if (isNew) listener.changed(known);
          if (fault !== undefined) listener.failed(fault);
          else if (!isNew) listener.alive();
        } catch (error) {
          signature = undefined;
          if (!signal.aborted) listener.failed(DimmerError.from(error));
        }
        return undefined;
      });
  };

  return {
    name,
    isLatched: true,
    readKills: () =>
      inTurn(async () => {
        await load();
        return known;
      }),
    mergeKills: (killSet) =>
      inTurn(async () => {
        known = mergeKillSets(known, killSet);
        // Somebody may have removed the file since. If it cannot be read, it may still be written: better twice than not.
        await load().catch(() => (written = new Set()));
        return { durable: await writeMissing() };
      }),
    followKills: (listener, signal) =>
      watchFile({ path, pollIntervalMs, clock, look: createLook(listener, signal), signal }),
    readKillsSync: () => {
      try {
        const fault = foreignFault(path, takeIn(joinTexts([oldPathOf(path), path].map(readIfThere))));
        return fault === undefined ? { killSet: known } : { killSet: known, fault };
      } catch (error) {
        return { killSet: known, fault: unreadable(path, error) };
      }
    },
    compact: () =>
      inTurn(async () => {
        if ((await signatureOf(path)) === "missing") return;
        try {
          await compactKillLog(path, clock.nowMs());
        } catch (error) {
          throw new DimmerError(
            "store_unwritable",
            `The kill file ${path} cannot be rewritten: ${messageOf(error)}.`,
            { path },
            { cause: error },
          );
        }
      }),
  };
}

/** The file, and what a compaction that was cut off has left beside it. */
async function readWhole(path: string): Promise<string> {
  const texts = await Promise.all([oldPathOf(path), path].map((file) => readFile(file, "utf8").catch(emptyIfMissing)));
  return joinTexts(texts);
}

// An unfinished last line must not run into the next text.
function joinTexts(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join("\n");
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    return emptyIfMissing(error);
  }
}

function emptyIfMissing(error: unknown): string {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
  throw error;
}

async function signatureOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs].join(":");
  } catch {
    return "missing";
  }
}

function foreignFault(path: string, log: KillLog): DimmerError | undefined {
  if (log.foreignLines.length === 0) return undefined;
  const lines = log.foreignLines.map((line) => line.line);
  return new DimmerError(
    "store_unreadable",
    `The kill file ${path} holds lines that are no kill and no revive: ${lines.join(", ")}. All others are in force.`,
    { path, lines },
  );
}

function unreadable(path: string, error: unknown): DimmerError {
  return new DimmerError(
    "store_unreadable",
    `The kill file ${path} cannot be read: ${messageOf(error)}. What it said before stays in force.`,
    { path },
    { cause: error },
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
