/**
 * The other way flagd takes flags: as a list, in which each says its key (https://flagd.dev/schema/v0/flagd.json). A set
 * has them by key, so a list is turned into that before anything else looks at it.
 */
import { FaultList, pointerTo, type Fault } from "./fault.ts";
import { isList, isObject, isText } from "./targeting/values.ts";

export type KeyFlagsResult =
  | { readonly ok: true; readonly definitions: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Definitions whose flags are a list. */
export interface FlagList extends Readonly<Record<string, unknown>> {
  readonly flags: readonly unknown[];
}

/** Whether `input` has its flags as a list. */
export function isFlagList(input: unknown): input is FlagList {
  return isObject(input) && Object.hasOwn(input, "flags") && isList(input["flags"]);
}

/** The same definitions with the flags by key, or every entry that is no flag, says no key, or another's. */
export function keyFlags(input: FlagList): KeyFlagsResult {
  const faults = new FaultList();
  const flags = new Map<string, unknown>();
  input.flags.forEach((flag, index) => {
    const pointer = pointerTo("/flags", index);
    if (!isObject(flag)) {
      faults.add(pointer, "not-object", flag);
      return;
    }
    const { key, ...rest } = flag;
    const at = pointerTo(pointer, "key");
    if (!isText(key)) faults.add(at, "not-text", key);
    else if (flags.has(key)) faults.add(at, "same-key", key);
    else flags.set(key, rest);
  });
  if (!faults.isEmpty) return { ok: false, faults: faults.toArray() };
  return { ok: true, definitions: { ...input, flags: Object.fromEntries(flags) } };
}

/** Where a place of the definitions by key stands in the list. */
export function pointerInList(input: FlagList, pointer: string): string {
  const [, first, key, ...rest] = pointer.split("/");
  if (first !== "flags" || key === undefined) return pointer;
  const index = input.flags.findIndex((flag) => isObject(flag) && pointerTo("", String(flag["key"])) === `/${key}`);
  return index < 0 ? pointer : ["", first, String(index), ...rest].join("/");
}
