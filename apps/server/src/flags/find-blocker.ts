/** Why nobody can get a flag's on-variant, however far it is turned up: it is killed, or something it needs is off for everyone. */
import type { FlagSetState } from "./flag-service.ts";
import { exposureOf } from "./exposure.ts";
import { isOnValue, type FlagSurroundings } from "./flag-views.ts";

/** A flag that keeps others, or itself, off for everyone. */
export interface Blocker {
  readonly flag: string;
  readonly why: "killed" | "disabled" | "off";
}

/** The first such flag, of the flag itself and all it needs; undefined when somebody can get it. */
export function findBlocker(
  state: FlagSetState,
  key: string,
  surroundings: Pick<FlagSurroundings, "killedFlags" | "nowMs">,
): Blocker | undefined {
  if (surroundings.killedFlags.has(key)) return { flag: key, why: "killed" };
  for (const needed of state.compiled.flags.get(key)?.prerequisites ?? []) {
    // What the needed one itself needs comes first: that is what has to be turned on first.
    const blocker = findBlocker(state, needed, surroundings) ?? offForEveryone(state, needed, surroundings.nowMs);
    if (blocker !== undefined) return blocker;
  }
  return undefined;
}

function offForEveryone(state: FlagSetState, key: string, nowMs: number): Blocker | undefined {
  const definition = state.flagSet.flags[key];
  const compiled = state.compiled.flags.get(key);
  if (definition === undefined || compiled === undefined) return undefined;
  if (definition.state === "DISABLED") return { flag: key, why: "disabled" };
  const { value } = exposureOf(definition, compiled, nowMs);
  return value === undefined || isOnValue(state.compiled, key, value) ? undefined : { flag: key, why: "off" };
}
