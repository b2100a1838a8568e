/** Flag overrides from environment variables. */
import type { FlagValue } from "@dimmer/spec";

/** Environment variables, as `process.env` holds them. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

/** What an override must know of a flag. */
export interface OverridableFlag {
  readonly key: string;
  readonly variants: ReadonlyMap<string, FlagValue>;
}

/** An override that cannot be applied. */
export interface OverrideFault {
  /** The variable, or the flag key when two flags share one name. */
  readonly name: string;
  readonly message: string;
  readonly fix: string;
}

/** Overrides that depend on the flags there are: values are text until a flag's variants say what they mean. */
export interface OverrideSource {
  /** Faults of the flag keys alone: two that share one environment name. A set with any is refused. */
  check(keys: Iterable<string>): readonly OverrideFault[];
  /** The overrides for these flags, and the variables that mean nothing. */
  resolve(flags: Iterable<OverridableFlag>): {
    readonly overrides: ReadonlyMap<string, FlagValue>;
    readonly faults: readonly OverrideFault[];
  };
}

/** The environment name of a flag: `DIMMER_FLAG_` and the key in upper case, every other character as `_`. */
export declare function environmentName(key: string): string;

/**
 * Overrides by `DIMMER_FLAG_<NAME>`, and by the bare `<NAME>` of the keys in `bareKeys`. The text is a value of the
 * flag (`true`, `block`, `2.5`, a JSON object) or the name of a variant.
 */
export declare function createEnvironmentOverrides(
  env: EnvironmentVariables,
  options?: { readonly bareKeys?: Iterable<string> },
): OverrideSource;
