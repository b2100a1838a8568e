/**
 * Whether a value that was served is of the type its flag's definition gives it. A store may serve variants the program
 * was not compiled with; a type that nobody checks when it counts is a wish.
 */
import type { FlagValue } from "@dimmer/spec";

/**
 * Accepts the values of these variants, or, where the flag is open, every value of their type; an object is of their
 * type when it has all that one of them has. An object that is served again and again is looked into once.
 */
export function acceptValues(variants: readonly FlagValue[], isOpen: boolean): (value: FlagValue) => boolean {
  const primitives = new Set(variants.filter((variant) => typeof variant !== "object"));
  const objects = new WeakMap<object, boolean>();
  return (value) => {
    if (typeof value !== "object") return isOpen || primitives.has(value);
    const known = objects.get(value);
    if (known !== undefined) return known;
    const isAccepted = variants.some((variant) => isLike(value, variant, isOpen));
    objects.set(value, isAccepted);
    return isAccepted;
  };
}

function isLike(value: unknown, example: unknown, isOpen: boolean): boolean {
  if (Array.isArray(example)) {
    if (!Array.isArray(value)) return false;
    return isOpen
      ? value.every((item) => example.some((own) => isLike(item, own, isOpen)))
      : value.length === example.length && value.every((item, index) => isLike(item, example[index], isOpen));
  }
  if (isRecord(example)) {
    if (!isRecord(value)) return false;
    const names = Object.keys(example);
    return (
      (isOpen || Object.keys(value).length === names.length) &&
      names.every((name) => Object.hasOwn(value, name) && isLike(value[name], example[name], isOpen))
    );
  }
  return isOpen && example !== null ? typeof value === typeof example : value === example;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
