/** What the getters answer from: one immutable value, replaced whole whenever anything changes. */
import type { CompiledFlagSet, Fault } from "@dimmer/engine";
import { describeFault } from "@dimmer/engine/faults";
import { overlay } from "@dimmer/engine/overlay";
import type { FlagValue, Kill } from "@dimmer/spec";
import type { OverrideFault, OverrideSource } from "@dimmer/stores/env";
import { indexKills } from "./kills/killed-targets.ts";
import type { KilledTargets } from "./kills/killed-targets.ts";
import { withDependants } from "./ladder/changed-flags.ts";

export interface Snapshot {
  /** With killed flags and overrides in force. */
  readonly compiled: CompiledFlagSet;
  /** Whether the clock has to be read for any flag. */
  readonly hasTimedFlags: boolean;
  readonly killed: KilledTargets;
}

export interface SnapshotResult {
  readonly snapshot: Snapshot;
  /** Overrides that could not be applied. */
  readonly faults: readonly Pick<OverrideFault, "message" | "fix">[];
}

export type Overrides = ReadonlyMap<string, FlagValue> | OverrideSource | undefined;

export function createSnapshot(
  compiled: CompiledFlagSet,
  kills: readonly Kill[],
  overrides: Overrides,
): SnapshotResult {
  const killed = indexKills(kills);
  const resolved = resolveOverrides(compiled, overrides);
  const varied = overlay(compiled, { killedFlags: killed.flag, overrides: resolved.values });
  const hasTimedFlags = [...varied.compiled.flags.values()].some((flag) => flag.isTimed);
  return {
    snapshot: { compiled: varied.compiled, hasTimedFlags, killed },
    faults: [...resolved.faults, ...varied.faults.map(describeOverride)],
  };
}

/** Flags whose kill or override differs between two snapshots, and those that need them. */
export function changedForced(before: Snapshot, after: Snapshot): ReadonlySet<string> {
  const keys = new Set([...before.compiled.forced.keys(), ...after.compiled.forced.keys()]);
  const changed = [...keys].filter((key) => {
    const [was, is] = [before.compiled.forced.get(key), after.compiled.forced.get(key)];
    return was?.variant !== is?.variant || was?.reason !== is?.reason;
  });
  return withDependants(changed, after.compiled.dependants);
}

function resolveOverrides(
  compiled: CompiledFlagSet,
  overrides: Overrides,
): { readonly values: ReadonlyMap<string, FlagValue>; readonly faults: readonly OverrideFault[] } {
  if (overrides === undefined) return { values: new Map(), faults: [] };
  if (!("resolve" in overrides)) return { values: overrides, faults: [] };
  const { overrides: values, faults } = overrides.resolve(compiled.flags.values());
  return { values, faults };
}

function describeOverride(fault: Fault): Pick<OverrideFault, "message" | "fix"> {
  const value = fault.value === undefined ? "" : ` (${JSON.stringify(fault.value)})`;
  const { message, fix } = describeFault(fault);
  return { message: `Override ${fault.pointer.slice(1)}${value}: ${message}`, fix };
}
