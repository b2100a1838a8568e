/** What a Dimmer can say of itself, for readiness probes, metrics and people. */
import type { ErrorCode } from "@dimmer/spec/errors";

/**
 * Where a store of the ladder stands.
 * `empty`: nothing usable has come from it yet. `restored`: what is served of it is from the disk snapshot. `live`: it has said
 * what is served. `refused`: it says something that is not served (see `faults`), and nothing older is known.
 */
export type StoreState = "empty" | "restored" | "live" | "refused";

/** One store of the ladder. */
export interface StoreStatus {
  readonly name: string;
  readonly state: StoreState;
  readonly setId?: string;
  readonly version?: number;
  /** How long ago the store last said that this is what it holds; absent when nothing of it is served. */
  readonly ageMs?: number;
  readonly isStale: boolean;
  /** How many flags are answered from it: those that no store before it defines. */
  readonly flagCount: number;
}

/** One kill store; the kill latch is called `latch`. */
export interface KillStoreStatus {
  readonly name: string;
  readonly killVersion?: number;
  /** How long ago it was last heard of; absent: never. */
  readonly ageMs?: number;
  readonly isReadable: boolean;
}

/** Something that is wrong now. It disappears when it is repaired. */
export interface StatusFault {
  /** Name of the store, or `overrides`, `directory`, `observations`, `replica`, `listener`. */
  readonly source: string;
  readonly code: ErrorCode;
  /** What is wrong, where (file, line, field) and which value. */
  readonly message: string;
  readonly fix: string;
}

/** Things that were counted since the start. */
export interface Counters {
  /** Questions for flags nobody knows, by key; keys beyond the first 1,000 are counted under `*`. */
  readonly unknownFlags: Readonly<Record<string, number>>;
  /** Questions for a flag with a getter of another type, by key; as above. */
  readonly typeMismatches: Readonly<Record<string, number>>;
  readonly observationsSent: number;
  /** Requests observed that could not be counted: of an unknown flag, of one the control plane does not serve, or beyond the bound. */
  readonly observationsDropped: number;
}

/** One look at a Dimmer. */
export interface DimmerStatus {
  readonly instanceId: string;
  /** Whether every store's flags are served, from itself or from its disk snapshot. */
  readonly isReady: boolean;
  /** Whether any store has been silent for too long, or nothing of it is served. */
  readonly isStale: boolean;
  /** Whether kills and snapshots reach the disk; false without a `directory` and while it cannot be written. */
  readonly durable: boolean;
  /** Name of the base: the last store in the order, which the others overlay. `definitions` when no store is served. */
  readonly source: string;
  /** Version and age of the base. */
  readonly version: number;
  readonly ageMs: number;
  /** Highest version of the kill stores that count; 0 when none does. */
  readonly killVersion: number;
  readonly stores: readonly StoreStatus[];
  readonly killStores: readonly KillStoreStatus[];
  readonly faults: readonly StatusFault[];
  readonly counters: Counters;
}
