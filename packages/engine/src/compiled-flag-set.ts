/** A flag set made ready to be asked: what `compile` returns, `overlay` varies and `evaluate` reads. */
import type { Bucketing, FlagValue, Strategy } from "@dimmer/spec";
import type { Decision, Evaluation, FlagMetadata } from "./evaluation.ts";
import type { SetUnit } from "./targeting/flag-unit.ts";

/** The type all variants of one flag share. */
export type FlagType = "boolean" | "string" | "number" | "object";

/** One flag as its file says it, checked. */
export interface FlagSource {
  readonly key: string;
  /** Where it stands in the set: a JSON pointer. */
  readonly pointer: string;
  readonly type: FlagType;
  readonly isDisabled: boolean;
  readonly variants: ReadonlyMap<string, FlagValue>;
  /** Undefined: the caller's own default. */
  readonly defaultVariant: string | undefined;
  /** Variants that count as on; the first is the one a strategy exposes. Empty: the flag is never on. */
  readonly onVariants: readonly string[];
  /** Served to those a strategy leaves out and while a prerequisite is not on; never an on-variant. */
  readonly offVariant: string | undefined;
  /** Served while the flag is killed and when nothing is known of it. */
  readonly safeVariant: string | undefined;
  /** Why this flag cannot be set; undefined on flags that can. */
  readonly locked: string | undefined;
  /** The flags it names as prerequisites. */
  readonly prerequisites: readonly string[];
  /** The set's metadata, overlaid name by name with the flag's. */
  readonly metadata: FlagMetadata;
  /** flagd targeting as it stands in the file; undefined when there is none, or an empty one. */
  readonly targeting: object | undefined;
  readonly strategy: Strategy | undefined;
}

/** One flag, ready to be asked. */
export interface CompiledFlag extends FlagSource {
  /** Whether the answer depends on the time, by the flag's own rules or by those of a flag it needs. */
  readonly isTimed: boolean;
  /** The answer, where it depends neither on the context nor on the time; else what `evaluate` calls to find it. */
  readonly answer: Decision;
  /** The flag's own rules alone, as if it were neither killed nor overridden and everything it needs were on. */
  readonly own: Decision;
  /** Flags it needs, directly or not, whose answer is not fixed; all must be on. */
  readonly requires: readonly CompiledFlag[];
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
  /** The same flags in the order of the definition. */
  readonly inOrder: readonly CompiledFlag[];
  readonly metadata: FlagMetadata;
  /** Killed and overridden flags and what they answer; empty before `overlay`. */
  readonly forced: ReadonlyMap<string, Evaluation>;
  /** The set without its overlay; undefined on a set that has none. */
  readonly base: CompiledFlagSet | undefined;
  /** For each flag the flags that need it, directly or not. */
  readonly dependants: ReadonlyMap<string, readonly string[]>;
  /** What its flags share when they are compiled again, by `explain` and `lower`. */
  readonly unit: Pick<SetUnit, "bucketing" | "evaluators">;
}
