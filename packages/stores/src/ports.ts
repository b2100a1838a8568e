/**
 * The three ports behind which flag sets and kills live. A store is one place: a file, the environment, the control
 * plane. Who follows several of them, in which order, and what happens when one fails, is the SDK's business.
 */
import type { ChangeResult, ChangeSetRequest, KillSet } from "@dimmer/spec";
import type { DimmerError } from "@dimmer/spec/errors";

/** A place in a text, both counted from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a store holds now, parsed but not judged: whether it is a valid flag set is for the engine to say. */
export interface Reading {
  /** A FlagSet, FlagDefinitions, or the short form. */
  readonly document: unknown;
  /** Where it came from, for messages: a path or an address. */
  readonly origin: string;
  /** When it was written, unix ms, as far as the store knows; gives a document without a version its version. */
  readonly modifiedAtMs?: number;
  /** Where in the text a JSON pointer leads, or its nearest existing parent; absent when there is no text. */
  locate?(pointer: string): Place | undefined;
}

/** Told of what happens in a store. Nothing is told after the signal of `follow` was aborted. */
export interface StoreListener {
  /** The store holds this now. Told once at the start, then whenever it changed, and possibly again unchanged. */
  changed(reading: Reading): void;
  /** The store could not be read; what it said before still counts. */
  failed(error: DimmerError): void;
  /** What was last told is still what the store holds. */
  alive(): void;
}

/** A store flags are read from. */
export interface StoreReader {
  /** Short and stable, unique in a ladder: `file`, `control-plane`. */
  readonly name: string;
  /** Reads once. Rejects with DimmerError `store_unreadable`, or with what the store itself answered. */
  read(signal: AbortSignal): Promise<Reading>;
  /** Goes on telling the listener until the signal aborts; faults are told, never thrown. */
  follow(listener: StoreListener, signal: AbortSignal): void;
}

/** A store flags are changed in. */
export interface StoreWriter {
  readonly name: string;
  /** All edits land or none. Rejects with a DimmerError that names the edit at fault. */
  apply(request: ChangeSetRequest): Promise<ChangeResult>;
}

/** Told of what happens in a kill store. */
export interface KillListener {
  /** Everything the store knows; `killVersion` where the store counts its changes. */
  changed(killSet: KillSet, killVersion?: number): void;
  /** The store could not be read: what it said before stays in force. */
  failed(error: DimmerError): void;
  alive(): void;
}

/** A store kills live in: an observed-remove set that merges by union (`@dimmer/spec/kill-set`). */
export interface KillStore {
  readonly name: string;
  /**
   * Whether a kill it told of stays when the store forgets it. False only for the environment, where removing the
   * variable is how a kill ends.
   */
  readonly isLatched: boolean;
  readKills(signal: AbortSignal): Promise<KillSet>;
  /** Adds what the store does not know yet. Never throws for a full or read-only disk: that is `durable: false`. */
  mergeKills(killSet: KillSet, signal?: AbortSignal): Promise<{ readonly durable: boolean }>;
  followKills(listener: KillListener, signal: AbortSignal): void;
}
