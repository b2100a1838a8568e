/** How JsonLogic sees plain values: what counts as true, as equal, as a number, as text. */

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** An object by names, not a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return isRecord(value) && !isList(value);
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

/** A text, a boolean or a number as JSON has them. */
export function isPlain(value: unknown): value is string | number | boolean {
  return isText(value) || typeof value === "boolean" || Number.isFinite(value);
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

/** Empty text, zero, NaN, null, an empty list and an empty object count as false. */
export function isTruthy(value: unknown): boolean {
  if (typeof value === "boolean") return value;
  if (typeof value !== "object" || value === null) return Boolean(value);
  return isList(value) ? value.length > 0 : Object.keys(value).length > 0;
}

/** The number a value stands for in arithmetic and comparison; NaN when it stands for none. */
export function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  if (value === null || value === undefined) return 0;
  if (typeof value === "string" || typeof value === "boolean") return Number(value);
  return Number.NaN;
}

/** The text a value stands for in `cat`. Lists are joined by commas, as in JavaScript. */
export function toText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (isList(value)) return value.map(toText).join(",");
  return "[object Object]";
}

/**
 * The text a user is bucketed by. Only text, numbers and `true` identify anybody; everything else, and what counts as
 * false, is taken as missing.
 */
export function toBucketingKey(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (typeof value === "number" || typeof value === "boolean") return isTruthy(value) ? String(value) : undefined;
  return undefined;
}

/**
 * `==`. Unlike JavaScript's, a missing value equals 0 and false (as in flagd's own evaluators), and a list or object
 * equals only itself.
 */
export function looselyEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || a === undefined) return equalsMissing(b);
  if (b === null || b === undefined) return equalsMissing(a);
  if (typeof a === typeof b) return false;
  return toNumber(a) === toNumber(b);
}

function equalsMissing(value: unknown): boolean {
  return value === null || value === undefined || value === 0 || value === false;
}
