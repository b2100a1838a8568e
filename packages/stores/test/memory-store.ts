/** A store in memory that a test changes, breaks and repairs at will. */
import type { FlagDefinitions, FlagSet, KillSet } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { emptyKillSet, mergeKillSets } from "@dimmer/spec/kill-set";
import type { KillListener, KillStore, Reading, StoreListener, StoreReader, StoreWriter } from "@dimmer/stores";
import { applyEdits } from "../src/apply-edits.ts";

/** All three ports over one document and one set of kills. */
export interface MemoryStore extends StoreReader, StoreWriter, KillStore {
  /** Puts a document in place and tells the followers. */
  put(document: unknown, modifiedAtMs?: number): void;
  /** Puts a reading in place as it is. */
  putReading(reading: Reading): void;
  /** Puts kills and revives in place without merging what it knew, as a store that forgot them would. */
  putKills(killSet: KillSet, killVersion?: number): void;
  /** What it holds of kills. */
  readonly killSet: KillSet;
  /** Nothing can be read or written until it is repaired. */
  breakDown(): void;
  repair(): void;
  /** Tells the followers that nothing has changed. */
  confirm(): void;
  /** How many follow. */
  readonly followers: number;
}

/** Makes one that holds this document, or nothing until something is put. */
export function createMemoryStore(name = "memory", document?: FlagDefinitions | FlagSet): MemoryStore {
  let reading: Reading | undefined = document === undefined ? undefined : { document, origin: name };
  let killSet = emptyKillSet;
  let version: number | undefined;
  let fault: DimmerError | undefined;
  const listeners = new Set<StoreListener>();
  const killListeners = new Set<KillListener>();

  const tell = (): void => {
    for (const listener of listeners) tellOne(listener);
  };
  const tellOne = (listener: StoreListener): void => {
    if (fault !== undefined) listener.failed(fault);
    else if (reading !== undefined) listener.changed(reading);
  };
  const tellKills = (): void => {
    for (const listener of killListeners) tellKillsTo(listener);
  };
  const tellKillsTo = (listener: KillListener): void => {
    if (fault === undefined) listener.changed(killSet, version);
    else listener.failed(fault);
  };
  const join = <L>(all: Set<L>, listener: L, signal: AbortSignal): void => {
    all.add(listener);
    signal.addEventListener("abort", () => all.delete(listener), { once: true });
  };

  return {
    name,
    isLatched: true,
    read: async () => {
      if (fault !== undefined) throw fault;
      if (reading === undefined) throw new DimmerError("store_unreadable", `The store ${name} holds nothing.`);
      return reading;
    },
    follow: (listener, signal) => {
      if (signal.aborted) return;
      join(listeners, listener, signal);
      tellOne(listener);
    },
    apply: async ({ edits }) => {
      if (fault !== undefined) throw fault;
      // The parse boundary of a fake: a test that applies edits has put definitions in place.
      const before = reading?.document as FlagDefinitions;
      reading = { document: { ...before, flags: applyEdits(before.flags, edits) }, origin: name };
      tell();
      return { version: 0, changed: [...new Set(edits.map((edit) => edit.flag))] };
    },
    readKills: async () => {
      if (fault !== undefined) throw fault;
      return killSet;
    },
    mergeKills: async (other) => {
      if (fault !== undefined) throw fault;
      killSet = mergeKillSets(killSet, other);
      tellKills();
      return { durable: true };
    },
    followKills: (listener, signal) => {
      if (signal.aborted) return;
      join(killListeners, listener, signal);
      tellKillsTo(listener);
    },
    put: (next, modifiedAtMs) => {
      reading = { document: next, origin: name, ...(modifiedAtMs === undefined ? {} : { modifiedAtMs }) };
      tell();
    },
    putReading: (next) => {
      reading = next;
      tell();
    },
    putKills: (next, killVersion) => {
      killSet = next;
      version = killVersion;
      tellKills();
    },
    get killSet() {
      return killSet;
    },
    breakDown: () => {
      fault = new DimmerError("store_unreadable", `The store ${name} is broken.`);
      tell();
      tellKills();
    },
    repair: () => {
      fault = undefined;
      tell();
      tellKills();
    },
    confirm: () => {
      for (const listener of [...listeners, ...killListeners]) listener.alive();
    },
    get followers() {
      return listeners.size + killListeners.size;
    },
  };
}
