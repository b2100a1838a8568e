/** A flag file, JSON or YAML by its ending, followed while people and deployments edit it. */
import { readFile, stat } from "node:fs/promises";
import type { Clock } from "@dimmer/api-client";
import { DimmerError } from "@dimmer/spec/errors";
import { backgroundClock } from "../background-clock.ts";
import type { Reading, StoreListener, StoreReader, StoreWriter } from "../ports.ts";
import { editFlagFile } from "./edit-flag-file.ts";
import { parseFlagText } from "./parse-flag-text.ts";
import { watchFile } from "./watch-file.ts";

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

/** A changed file is read when it has been left alone for this long: a text cut in two may be valid YAML. */
const quietMs = 100;

/** Reads, follows and edits one flag file. The folder is watched, so rename-over, truncate-then-write and symlink swaps are all seen. */
export function createFlagFile(options: FlagFileOptions): StoreReader & StoreWriter {
  const { path, name = "file", pollIntervalMs = 2000, clock = backgroundClock } = options;
  return {
    name,
    read: async (signal) => {
      const { text, modifiedAtMs } = await readText(path, signal);
      return parseFlagText(path, text, modifiedAtMs);
    },
    follow: (listener, signal) => {
      const look = createLook(path, clock, listener, signal);
      watchFile({ path, pollIntervalMs, clock, look, signal });
    },
    apply: (request) => editFlagFile(path, request),
  };
}

/** One look after the other: waits until the file is quiet, then tells what it holds, if that is new. */
function createLook(
  path: string,
  clock: Clock,
  listener: StoreListener,
  signal: AbortSignal,
): () => Promise<number | undefined> {
  let settled: { readonly signature: string; readonly isGood: boolean } | undefined;
  let moving: { readonly signature: string; readonly sinceMs: number } | undefined;
  let lastText: string | undefined;
  let isFirstLook = true;

  const take = async (signature: string): Promise<void> => {
    let reading: Reading | undefined;
    try {
      const { text, modifiedAtMs } = await readText(path, signal);
      if (text !== lastText) reading = await parseFlagText(path, text, modifiedAtMs);
      lastText = text;
    } catch (error) {
      if (signal.aborted) return;
      const fault = DimmerError.from(error);
      // What is written there will not change by looking again; what could not be read may.
      settled = fault.code === "flag_set_invalid" ? { signature, isGood: false } : undefined;
      lastText = undefined;
      listener.failed(fault);
      return;
    }
    if (signal.aborted) return;
    settled = { signature, isGood: true };
    if (reading === undefined) listener.alive();
    else listener.changed(reading);
  };

  return async () => {
    const signature = await signatureOf(path);
    if (signal.aborted) return undefined;
    if (isFirstLook) {
      isFirstLook = false;
      await take(signature);
      return undefined;
    }
    if (signature === settled?.signature) {
      moving = undefined;
      if (settled.isGood) listener.alive();
      return undefined;
    }
    if (signature !== moving?.signature) moving = { signature, sinceMs: clock.nowMs() };
    const waitMs = moving.sinceMs + quietMs - clock.nowMs();
    if (waitMs > 0) return waitMs;
    moving = undefined;
    await take(signature);
    return undefined;
  };
}

/** Changes whenever the file does; `missing` for none. */
async function signatureOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(":");
  } catch {
    return "missing";
  }
}

async function readText(path: string, signal: AbortSignal): Promise<{ text: string; modifiedAtMs: number }> {
  try {
    const { mtimeMs } = await stat(path);
    return { text: await readFile(path, { encoding: "utf8", signal }), modifiedAtMs: Math.floor(mtimeMs) };
  } catch (error) {
    signal.throwIfAborted();
    throw new DimmerError(
      "store_unreadable",
      `The flag file ${path} cannot be read: ${reasonOf(error)}.`,
      { path },
      { cause: error },
    );
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "it does not exist";
  if (code === "EACCES") return "this process may not read it";
  return error instanceof Error ? error.message : String(error);
}
