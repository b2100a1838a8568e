/** Which flags may answer otherwise after a change: those whose definition differs, and those that need one of them. */
import type { Composition } from "./compose-layers.ts";

type Flags = Pick<Composition, "flags" | "compiled">;

export function changedFlags(before: Flags, after: Flags): readonly string[] {
  const gone = Object.keys(before.flags).filter((key) => !Object.hasOwn(after.flags, key));
  const changed = Object.keys(after.flags).filter(
    (key) => !Object.hasOwn(before.flags, key) || !isSame(before.flags[key], after.flags[key]),
  );
  return [...withDependants([...gone, ...changed], after.compiled.dependants)];
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
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
