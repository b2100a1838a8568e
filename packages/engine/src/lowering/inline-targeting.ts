/** One flag's targeting, rewritten so that it means the same inside another flag. */
import { isRecord } from "../targeting/values.ts";
import { bucketingKey } from "./bucketing-key.ts";
import { isList, type Json } from "./json.ts";

/** Operators whose second argument sees list elements instead of the context. */
const iterating: ReadonlySet<string> = new Set(["map", "filter", "reduce", "all", "some", "none"]);

/**
 * The targeting as it stands when `flagKey` is undefined. Else with `$ref` written out, `$flagd.flagKey` as the key it
 * stands for, and the key that a `fractional` without one buckets by.
 */
export function inlineTargeting(targeting: unknown, flagKey: string | undefined, evaluators: ReadonlyMap<string, unknown>): Json {
  return rewrite(targeting, true);

  function rewrite(logic: unknown, isContext: boolean): Json {
    if (Array.isArray(logic)) return logic.map((element: unknown) => rewrite(element, isContext));
    if (!isRecord(logic)) return toJson(logic);
    const [entry] = Object.entries(logic);
    if (entry === undefined) return {};
    const [name, args] = entry;
    if (flagKey === undefined) return { [name]: rewrite(args, isContext) };
    if (name === "$ref") return rewrite(evaluators.get(String(args)), isContext);
    if (name === "var" && isContext && readsFlagKey(args)) return flagKey;
    if (iterating.has(name) && Array.isArray(args)) {
      return { [name]: args.map((arg: unknown, index) => rewrite(arg, isContext && index !== 1)) };
    }
    const inside = rewrite(args, isContext);
    if (name !== "fractional" || !isContext || !isList(inside) || !isList(inside[0] ?? null)) return { [name]: inside };
    return { fractional: [bucketingKey(flagKey), ...inside] };
  }
}

function readsFlagKey(args: unknown): boolean {
  const path: unknown = Array.isArray(args) ? args[0] : args;
  return path === "$flagd.flagKey";
}

function toJson(value: unknown): Json {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
