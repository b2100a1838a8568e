/** One flag's targeting, rewritten so that it means the same inside another flag. */
import { isList, isRecord } from "../targeting/values.ts";
import { bucketingKey } from "./bucketing-key.ts";
import { isJsonList, type Json } from "./json.ts";

/** Operators whose second argument sees list elements instead of the context. */
const iterating: ReadonlySet<string> = new Set(["map", "filter", "reduce", "all", "some", "none"]);

/**
 * The targeting with `$ref` written out, `$flagd.flagKey` as the key it stands for, and the key that a `fractional`
 * without one buckets by.
 */
export function inlineTargeting(targeting: unknown, flagKey: string, evaluators: ReadonlyMap<string, unknown>): Json {
  return rewrite(targeting, true);

  function rewrite(logic: unknown, isContext: boolean): Json {
    if (isList(logic)) return logic.map((element: unknown) => rewrite(element, isContext));
    if (!isRecord(logic)) return toJson(logic);
    const [name] = Object.keys(logic);
    if (name === undefined) return {};
    const args = logic[name];
    if (name === "$ref") return rewrite(evaluators.get(String(args)), isContext);
    if (name === "var" && isContext && readsFlagKey(args)) return flagKey;
    if (iterating.has(name) && isList(args)) {
      return { [name]: args.map((arg: unknown, index) => rewrite(arg, isContext && index !== 1)) };
    }
    const inside = rewrite(args, isContext);
    return name === "fractional" && isContext ? { fractional: withKey(inside) } : { [name]: inside };
  }

  function withKey(inside: Json): Json {
    return isJsonList(inside) && isJsonList(inside[0] ?? null) ? [bucketingKey(flagKey), ...inside] : inside;
  }
}

/** The targeting as it stands. */
export function copyTargeting(targeting: unknown): Json {
  if (isList(targeting)) return targeting.map(copyTargeting);
  if (!isRecord(targeting)) return toJson(targeting);
  return Object.fromEntries(Object.entries(targeting).map(([name, args]) => [name, copyTargeting(args)]));
}

function readsFlagKey(args: unknown): boolean {
  const path: unknown = isList(args) ? args[0] : args;
  return path === "$flagd.flagKey";
}

function toJson(value: unknown): Json {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
