/**
 * The variants of a flag: at least one, all of one type. Object values are copied and frozen, because they are shared.
 * Most flags of a set have the same few variants, so those are read once, and all such flags share what was read.
 */
import type { FlagValue } from "@dimmer/spec";
import type { FlagType } from "../compiled-flag-set.ts";
import { pointerTo } from "../fault.ts";
import { limits } from "../limits.ts";
import { isList, isObject, isPlain, isRecord, isText } from "../targeting/values.ts";
import { memberNames, type Reader } from "./reader.ts";

export interface Variants {
  readonly type: FlagType;
  readonly values: ReadonlyMap<string, FlagValue>;
  /** Names of those that hold true, and of those that hold false. */
  readonly whenTrue: readonly string[];
  readonly whenFalse: readonly string[];
  /** Every name in the file, those of values with faults included, so that one fault does not bring about others. */
  readonly declared: Readonly<Record<string, unknown>>;
}

/** Variants already read, by their text. */
export type KnownVariants = Map<string, Variants>;

export function readVariants(reader: Reader, known: KnownVariants): Variants {
  const declared = reader.object("variants") ?? {};
  const text = textOf(declared);
  const same = text === undefined ? undefined : known.get(text);
  if (same !== undefined) return same;
  const variants = readDeclared(reader, declared);
  // What has faults is read again, for every flag to be told of its own.
  if (text !== undefined && variants.values.size === Object.keys(declared).length && variants.values.size > 0)
    known.set(text, variants);
  return variants;
}

/** What tells variants apart that hold booleans and texts; undefined for others. */
function textOf(declared: Readonly<Record<string, unknown>>): string | undefined {
  return Object.values(declared).every(isSimple) ? JSON.stringify(declared) : undefined;
}

function isSimple(value: unknown): boolean {
  return typeof value === "boolean" || isText(value);
}

function readDeclared(reader: Reader, declared: Readonly<Record<string, unknown>>): Variants {
  const names = memberNames(declared, pointerTo(reader.pointer, "variants"), reader.faults);
  if (names.length === 0) reader.fault("variants", "no-variants");
  const values = new Map<string, FlagValue>();
  let type: FlagType | undefined;
  for (const name of names) {
    const value = declared[name];
    const own = typeOf(value);
    type ??= own;
    if (own === undefined || type === undefined) {
      reader.entryFault(["variants", name], "not-variant", value);
      continue;
    }
    if (own !== type) {
      reader.entryFault(["variants", name], "mixed-types", value, own, type);
      continue;
    }
    const copy = copyValue(reader, name, value);
    if (copy !== undefined) values.set(name, copy);
  }
  return {
    type: type ?? "object",
    values,
    declared,
    whenTrue: namesOf(values, true),
    whenFalse: namesOf(values, false),
  };
}

function namesOf(values: ReadonlyMap<string, FlagValue>, wanted: boolean): readonly string[] {
  return [...values.keys()].filter((name) => values.get(name) === wanted);
}

function typeOf(value: unknown): FlagType | undefined {
  const type = typeof value;
  if (type === "boolean" || type === "string" || type === "number") return type;
  return isObject(value) ? "object" : undefined;
}

function copyValue(reader: Reader, name: string, value: unknown): FlagValue | undefined {
  if (typeof value === "boolean" || isText(value)) return value;
  if (typeof value === "number") {
    if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return value;
    reader.entryFault(["variants", name], "unsafe-number", value);
    return undefined;
  }
  const copy = copyJson(value, 0, { nodes: limits.nodesPerFlag });
  if (copy !== undefined && isJsonObject(copy)) return copy;
  reader.entryFault(["variants", name], "unfit-object");
  return undefined;
}

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

function isJsonObject(value: Json): value is { [key: string]: Json } {
  return typeof value === "object" && value !== null && !isList(value);
}

/** A frozen copy; undefined when this is no JSON, or too much of it. */
function copyJson(value: unknown, depth: number, budget: { nodes: number }): Json | undefined {
  budget.nodes -= 1;
  if (depth > limits.depth || budget.nodes < 0) return undefined;
  if (value === null || isPlain(value)) return value;
  if (!isRecord(value)) return undefined;
  const list: Json[] = [];
  const object: { [key: string]: Json } = {};
  for (const [name, member] of Object.entries(value)) {
    const copy = name === "__proto__" ? undefined : copyJson(member, depth + 1, budget);
    if (copy === undefined) return undefined;
    if (isList(value)) list.push(copy);
    else object[name] = copy;
  }
  return freeze(isList(value) ? list : object);
}

/** `Object.freeze`, keeping the wire's type: spec's JSON type is written as mutable. */
function freeze<T extends object>(value: T): T {
  Object.freeze(value);
  return value;
}
