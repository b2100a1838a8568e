/** What the SDK's tests build their sets and processes from. */
import type { Flag, FlagDefinitions, FlagSet, Kill, KillScope } from "@dimmer/spec";

/** A boolean flag that serves `variant`, `on` or `off`. */
export function booleanFlag(variant: "on" | "off", rest: Partial<Flag> = {}): Flag {
  return { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: variant, ...rest };
}

/** A flag file's content. */
export function definitionsOf(flags: Record<string, Flag>, rest: Partial<FlagDefinitions> = {}): FlagDefinitions {
  return { flags, ...rest };
}

/** A control plane's set. Its hash is its content. */
export function flagSetOf(version: number, flags: Record<string, Flag>, rest: Partial<FlagSet> = {}): FlagSet {
  return {
    environment: "default",
    setId: "set-1",
    version,
    hash: JSON.stringify(flags),
    bucketing: "flagd-v2",
    flags,
    ...rest,
  };
}

export function killOf(id: string, scope: KillScope, target: string, rest: Partial<Kill> = {}): Kill {
  return { id, scope, target, by: "test", reason: "", at: "2026-01-01T00:00:00.000Z", ...rest };
}
