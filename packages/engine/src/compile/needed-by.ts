/** What a flag needs, directly or not. */
import { limits } from "../limits.ts";

/** A flag, as far as its needs go. */
export interface Needing {
  readonly key: string;
  readonly prerequisites: readonly string[];
}

/**
 * Everything a flag needs, the nearest first, each with the flag that names it; itself too, when flags need each other
 * in a circle. Does not look behind what is `settled`, nor further once there are more than a set may have.
 */
export function neededBy<Flag extends Needing>(
  flag: Flag,
  flags: ReadonlyMap<string, Flag>,
  settled?: ReadonlyMap<string, unknown>,
): ReadonlyMap<Flag, Flag> {
  const needed = new Map<Flag, Flag>();
  const look = (from: Flag): void => {
    for (const key of from.prerequisites.slice(0, limits.prerequisites + 1)) {
      const next = flags.get(key);
      if (next !== undefined && !needed.has(next)) needed.set(next, from);
    }
  };
  look(flag);
  // The walk goes on over what it adds.
  for (const next of needed.keys()) {
    if (needed.size > limits.prerequisites) break;
    if (settled?.has(next.key) !== true) look(next);
  }
  return needed;
}
