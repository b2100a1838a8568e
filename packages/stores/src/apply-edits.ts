/** What edits make of flag definitions, the same in every store that can be written. Pure; whether the outcome is a valid set is for the engine to say. */
import type { Edit, Flag, FlagValue } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";

/** The flags after all edits, in order. Throws `flag_not_found`, `flag_locked` or `flag_type_mismatch`; the input is never changed. */
export function applyEdits(flags: Readonly<Record<string, Flag>>, edits: readonly Edit[]): Record<string, Flag> {
  const after = { ...flags };
  for (const edit of edits) {
    const before = after[edit.flag];
    if (before?.locked !== undefined) {
      throw new DimmerError("flag_locked", `The flag '${edit.flag}' is locked: ${before.locked}`, { flag: edit.flag });
    }
    const definition = applyEdit(before, edit);
    if (definition === undefined) delete after[edit.flag];
    else after[edit.flag] = definition;
  }
  return after;
}

/**
 * What one edit makes of one definition; undefined: the flag is gone. Looks at no lock: a store that has a way past
 * locks asks here. Throws `flag_not_found` or `flag_type_mismatch`.
 */
export function applyEdit(before: Flag | undefined, edit: Edit): Flag | undefined {
  if (edit.type === "put") return edit.definition;
  if (before === undefined) {
    throw new DimmerError("flag_not_found", `There is no flag '${edit.flag}'.`, { flag: edit.flag });
  }
  if (edit.type === "remove") return undefined;
  if (edit.type === "expose") return { ...before, state: "ENABLED", strategy: edit.strategy };
  // Everyone gets one variant, so whatever would tell people apart goes.
  const { strategy: _strategy, targeting: _targeting, ...rest } = before;
  return { ...rest, state: "ENABLED", defaultVariant: variantOf(before, edit.flag, edit.value) };
}

/** Whether `applyEdit` would answer. */
export function canApplyEdit(before: Flag | undefined, edit: Edit): boolean {
  try {
    applyEdit(before, edit);
    return true;
  } catch {
    return false;
  }
}

function variantOf(flag: Flag, key: string, value: FlagValue): string {
  const variants = Object.entries(flag.variants);
  const found = variants.find(([, held]) => isSameJson(held, value))?.[0];
  if (found !== undefined) return found;
  const values = variants.map(([, held]) => JSON.stringify(held)).join(", ");
  throw new DimmerError(
    "flag_type_mismatch",
    `The flag '${key}' has no variant with the value ${JSON.stringify(value)}; it has ${values}.`,
    { flag: key, value, values: variants.map(([, held]) => held) },
  );
}

function isSameJson(a: unknown, b: unknown): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return (
    Array.isArray(a) === Array.isArray(b) &&
    left.length === right.size &&
    left.every(([name, value]) => right.has(name) && isSameJson(value, right.get(name)))
  );
}
