/** Which flags may answer otherwise after a change: those whose definition differs, and those that need one of them. */
import type { Composition } from "./compose-layers.ts";

type Flags = Pick<Composition, "flags" | "compiled">;

export function changedFlags(before: Flags, after: Flags): readonly string[] {
  const keys = new Set([...before.flags.keys(), ...after.flags.keys()]);
  const changed = [...keys].filter((key) => !isSame(before.flags.get(key), after.flags.get(key)));
  return [...withDependants(changed, after.compiled.dependants)];
}

/** The keys, and those of all flags that need one of them. */
export function withDependants(
  keys: readonly string[],
  dependants: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const all = new Set(keys);
  // The dependants are complete: those of a key that is added here are here already.
  for (const key of keys) dependants.get(key)?.forEach((dependant) => all.add(dependant));
  return all;
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  // A flag that came or went needs no comparison, and at the first load that is every flag.
  return a !== undefined && b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}
