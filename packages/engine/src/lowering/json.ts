/** JsonLogic as data, and the few shapes lowering builds of it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** All of these conditions. */
export function allOf(conditions: readonly Json[]): Json {
  const [only] = conditions;
  return conditions.length === 1 && only !== undefined ? only : { and: conditions };
}

/** What `first` gives, and what `second` gives where that is null. */
export function either(first: Json, second: Json): Json {
  return namesOrNull(first) ? { or: [first, second] } : { if: [{ "!==": [first, null] }, first, second] };
}

/** Whether a rule can give nothing but null and text that counts as true, as far as can be seen. */
function namesOrNull(rule: Json): boolean {
  if (rule === null) return true;
  if (typeof rule === "string") return rule !== "";
  if (typeof rule !== "object" || isJsonList(rule)) return false;
  const branches = rule["if"];
  if (branches !== undefined && isJsonList(branches)) {
    return branches.every((branch, index) => (index % 2 === 0 && index !== branches.length - 1) || namesOrNull(branch));
  }
  const arms = rule["fractional"];
  return (
    arms !== undefined &&
    isJsonList(arms) &&
    arms.every((arm, index) => (isJsonList(arm) ? namesOrNull(arm[0] ?? null) : index === 0))
  );
}

export function isJsonList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
