/** What one edit makes of one flag's definition. Pure; the whole set is compiled afterwards. */
import type { Edit, Flag, FlagValue } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { canonicalJson } from "./canonical-json.ts";

/**
 * The definition after the edit; undefined: the flag is gone.
 *
 * @throws `flag_not_found`, `flag_type_mismatch`.
 */
export function applyEdit(before: Flag | undefined, edit: Edit): Flag | undefined {
  if (edit.type === "put") return edit.definition;
  if (before === undefined)
    throw new DimmerError("flag_not_found", `There is no flag '${edit.flag}'.`, { flag: edit.flag });
  switch (edit.type) {
    case "serve":
      return serve(before, edit.flag, edit.value);
    case "expose":
      return { ...before, state: "ENABLED", strategy: edit.strategy };
    case "remove":
      return undefined;
  }
}

/** Whether `applyEdit` would answer. */
export function canApply(before: Flag | undefined, edit: Edit): boolean {
  try {
    applyEdit(before, edit);
    return true;
  } catch {
    return false;
  }
}

/** Everyone gets one variant, so whatever would tell people apart goes. */
function serve(before: Flag, key: string, value: FlagValue): Flag {
  const wanted = canonicalJson(value);
  const variant = Object.entries(before.variants).find(([, held]) => canonicalJson(held) === wanted)?.[0];
  if (variant === undefined) {
    const values = Object.values(before.variants).map((held) => JSON.stringify(held));
    throw new DimmerError(
      "flag_type_mismatch",
      `The flag '${key}' has no variant with the value ${JSON.stringify(value)}; it has ${values.join(", ")}.`,
      { flag: key, value, values: Object.values(before.variants) },
    );
  }
  const { strategy: _strategy, targeting: _targeting, ...rest } = before;
  return { ...rest, state: "ENABLED", defaultVariant: variant };
}
