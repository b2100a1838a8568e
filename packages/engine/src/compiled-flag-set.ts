/** A flag set made ready to be asked: what `compile` returns, `overlay` varies and `evaluate` reads. */
import type { Bucketing, FlagValue } from "@dimmer/spec";
import type { FlagMetadata } from "./evaluation.ts";

/** The type all variants of one flag share. */
export type FlagType = "boolean" | "string" | "number" | "object";

/** What is known of one flag without evaluating it. */
export interface CompiledFlag {
  readonly key: string;
  readonly type: FlagType;
  readonly variants: ReadonlyMap<string, FlagValue>;
  /** Undefined: the caller's own default. */
  readonly defaultVariant: string | undefined;
  /** Variants that count as on; the first is the one a strategy exposes. Empty: the flag is never on. */
  readonly onVariants: readonly string[];
  /** Served to those a strategy leaves out and while a prerequisite is not on. Never an on-variant. */
  readonly offVariant: string | undefined;
  /** Served while the flag is killed and when nothing is known of it. */
  readonly safeVariant: string | undefined;
  /** Why this flag cannot be set; undefined on flags that can. */
  readonly locked: string | undefined;
  readonly isDisabled: boolean;
  /** Whether the answer depends on the time, by the flag's own rules or by those of a flag it needs. */
  readonly isTimed: boolean;
  /** The flags it names as prerequisites, as written. */
  readonly prerequisites: readonly string[];
  readonly metadata: FlagMetadata;
}

/** An immutable compiled set. Make one with `compile`, vary it with `overlay`. */
export interface CompiledFlagSet {
  readonly setId: string;
  readonly version: number;
  readonly hash: string;
  readonly environment: string;
  readonly bucketing: Bucketing;
  /** Every flag key, in the order of the definition. */
  readonly keys: readonly string[];
  readonly flags: ReadonlyMap<string, CompiledFlag>;
  readonly metadata: FlagMetadata;
}
