/**
 * The module that `dimmer codegen` writes: what a program's types and last fallbacks need of its flags, and nothing that
 * turning them up and down changes. The same flags give the same text, whatever order they come in.
 */
import type { CompiledFlag, CompiledFlagSet } from "@dimmer/engine";
import { DimmerError } from "@dimmer/spec/errors";

/** The first line; a file that begins otherwise was not generated. */
export const generatedBy = "// Made by `dimmer codegen`. Do not edit: run it again.";

/** Throws `flag_set_invalid`, naming every flag that has no variant to fall back on. */
export function generateFlagModule({ flags }: CompiledFlagSet): string {
  const sorted = [...flags.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const unsafe = sorted.filter(({ safeVariant }) => safeVariant === undefined).map(({ key }) => key);
  if (unsafe.length > 0) throw withoutFallback(unsafe);
  return `${generatedBy}
import { defineFlags } from "@dimmer/sdk";

export const flags = defineFlags({
  flags: {
${sorted.map((flag) => `    ${writeName(flag.key)}: ${writeFlag(flag)},\n`).join("")}  },
});
`;
}

function writeFlag({ variants, safeVariant, onVariants }: CompiledFlag): string {
  const sorted = [...variants].toSorted(([a], [b]) => (a < b ? -1 : 1));
  // A boolean flag is on where it is true, and no other is, unless it says so.
  const usual = sorted.filter(([, value]) => value === true).map(([name]) => name);
  const isUsual = usual.length === onVariants.length && usual.every((name) => onVariants.includes(name));
  return `{
      state: "ENABLED",
      variants: ${writeValue(Object.fromEntries(sorted))},
      safeVariant: ${JSON.stringify(safeVariant)},
${isUsual ? "" : `      onVariants: ${writeValue(onVariants)},\n`}    }`;
}

/** JSON as TypeScript. */
function writeValue(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(writeValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, own]) => `${writeName(name)}: ${writeValue(own)}`);
  return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
}

/** The name of a property; `__proto__`, which would be none, is refused when flags are compiled. */
function writeName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}

function withoutFallback(keys: readonly string[]): DimmerError {
  const message = `${keys.length === 1 ? "A flag has" : "Flags have"} neither a safe nor a default variant, and a typed getter needs one to fall back on: ${keys.join(", ")}.`;
  const fix = "Name the variant to serve when nothing else is known in 'safeVariant'.";
  return new DimmerError("flag_set_invalid", `${message} ${fix}`, { flags: keys, fix });
}
