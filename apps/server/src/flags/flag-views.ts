/** Flags as a screen shows them: definition, what it comes to, and what else decides about it. */
import type { CompiledFlag, CompiledFlagSet } from "@dimmer/engine";
import type { Flag, FlagView } from "@dimmer/spec";
import { exposureOf, toEveryone, type Exposure } from "./exposure.ts";
import type { FlagSetState } from "./flag-service.ts";

/** What else decides what a flag serves. */
export interface FlagSurroundings {
  readonly killedFlags: ReadonlySet<string>;
  /** Rollout id by flag. */
  readonly owners: ReadonlyMap<string, string>;
  /** Why setting a flag changes nothing yet. */
  readonly inert: ReadonlyMap<string, string>;
  readonly nowMs: number;
}

/** Every flag of a set, in the order of the definition. */
export function viewFlags(state: FlagSetState, surroundings: FlagSurroundings): FlagView[] {
  return Object.entries(state.flagSet.flags).map(([key, definition]) => viewFlag(state, key, definition, surroundings));
}

/** One flag. */
export function viewFlag(state: FlagSetState, key: string, definition: Flag, surroundings: FlagSurroundings): FlagView {
  const exposure = effectiveExposure(state, key, surroundings);
  const view: FlagView = { key, definition, exposure: exposure.words, killed: surroundings.killedFlags.has(key) };
  if (exposure.value !== undefined) view.value = exposure.value;
  if (definition.locked !== undefined) view.locked = definition.locked;
  const inert = surroundings.inert.get(key);
  if (inert !== undefined) view.inert = inert;
  const owner = surroundings.owners.get(key);
  if (owner !== undefined) view.ownedBy = owner;
  return view;
}

/** What a flag serves, kills and prerequisites included. */
export function effectiveExposure(
  state: FlagSetState,
  key: string,
  surroundings: Pick<FlagSurroundings, "killedFlags" | "nowMs">,
): Exposure {
  const compiled = state.compiled.flags.get(key);
  const definition = state.flagSet.flags[key];
  if (compiled === undefined || definition === undefined) return { words: "not defined" };
  if (surroundings.killedFlags.has(key)) return toEveryone(compiled, compiled.safeVariant);
  for (const parent of compiled.prerequisites) {
    const needed = effectiveExposure(state, parent, surroundings);
    if (needed.value !== undefined && !isOnValue(state.compiled, parent, needed.value)) {
      const off = toEveryone(compiled, compiled.offVariant);
      return { ...off, words: `${off.words}, needs ${parent}` };
    }
    if (needed.value === undefined)
      return { words: `${exposureOf(definition, compiled, surroundings.nowMs).words} of those with ${parent}` };
  }
  return exposureOf(definition, compiled, surroundings.nowMs);
}

/** Whether a value that everyone gets is one of a flag's on-variants. */
export function isOnValue(set: CompiledFlagSet, key: string, value: unknown): boolean {
  const compiled: CompiledFlag | undefined = set.flags.get(key);
  return compiled?.onVariants.some((variant) => compiled.variants.get(variant) === value) ?? false;
}
