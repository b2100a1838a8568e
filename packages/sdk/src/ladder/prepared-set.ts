/** A store's document taken apart, so that several can be laid over one another flag by flag. */
import { createHash } from "node:crypto";
import { compile } from "@dimmer/engine";
import { describeFault } from "@dimmer/engine/faults";
import { isFlagList, keyFlags, pointerInList } from "@dimmer/engine/flag-list";
import { expandShortForm, isShortForm } from "@dimmer/engine/short-form";
import { parseKillSwitchKey } from "@dimmer/spec/kill-set";
import type { Reading } from "@dimmer/stores";
import type { SetFault } from "./describe-faults.ts";

/** Flags as a document holds them; the keys come from outside, so look one up with Object.hasOwn. */
export type FlagsByKey = Readonly<Record<string, unknown>>;

/** A document whose outer form is right; its flags are judged when they are compiled together with those below. */
export interface PreparedSet {
  readonly reading: Reading;
  /** Whether it was written in the short form, whose pointers lack `/flags`. */
  readonly isShortForm: boolean;
  /** Empty where the document has no identity of its own. */
  readonly setId: string;
  /** Undefined where the document has no version of its own. */
  readonly version: number | undefined;
  readonly hash: string;
  readonly content: SetContent;
}

/** What is compiled of a document. */
export interface SetContent {
  readonly bucketing: string | undefined;
  readonly flags: FlagsByKey;
  /** Keys of the document that read and set kills; no flag can have them, so they are not in `flags`. */
  readonly reservedKeys: readonly string[];
  readonly evaluators: ReadonlyMap<string, unknown>;
}

export type PrepareResult =
  | { readonly ok: true; readonly set: PreparedSet }
  | { readonly ok: false; readonly faults: readonly SetFault[] };

/** Judges everything but the flags themselves. */
export function prepareSet(given: Reading): PrepareResult {
  const keyed = byKey(given);
  if (!keyed.ok) return keyed;
  const { reading } = keyed;
  const short = isShortForm(reading.document);
  const expanded = short ? expandShortForm(reading.document) : { ok: true as const, definitions: reading.document };
  if (!expanded.ok) return { ok: false, faults: expanded.faults.map(describeFault) };
  const document = expanded.definitions;
  if (!isRecord(document) || !isRecord(document["flags"])) {
    const judged = compile(document);
    return { ok: false, faults: judged.ok ? [] : judged.faults.map(describeFault) };
  }
  const envelope = compile({ ...document, flags: {} });
  if (!envelope.ok) return { ok: false, faults: envelope.faults.map(describeFault) };
  const { metadata, version, bucketing, hash } = document;
  const flags = withMetadata(document["flags"], metadata);
  const reservedKeys = Object.keys(flags).filter((key) => parseKillSwitchKey(key) !== undefined);
  return {
    ok: true,
    set: {
      reading,
      isShortForm: short,
      setId: envelope.compiled.setId,
      version: version === undefined ? undefined : envelope.compiled.version,
      hash: typeof hash === "string" && hash !== "" ? hash : hashOf(document),
      content: {
        bucketing: typeof bucketing === "string" ? bucketing : undefined,
        flags: reservedKeys.length === 0 ? flags : without(flags, reservedKeys),
        reservedKeys,
        evaluators: new Map(Object.entries(isRecord(document["$evaluators"]) ? document["$evaluators"] : {})),
      },
    },
  };
}

/** The reading with its flags by key; places in a list are still found in the file. */
function byKey(reading: Reading): { readonly ok: true; readonly reading: Reading } | (PrepareResult & { ok: false }) {
  const { document } = reading;
  if (!isFlagList(document)) return { ok: true, reading };
  const keyed = keyFlags(document);
  if (!keyed.ok) return { ok: false, faults: keyed.faults.map(describeFault) };
  return {
    ok: true,
    reading: {
      ...reading,
      document: keyed.definitions,
      locate: (pointer) => reading.locate?.(pointerInList(document, pointer)),
    },
  };
}

/** Flags away from their set: the set's metadata goes with each, name by name below its own. */
function withMetadata(flags: FlagsByKey, metadata: unknown): FlagsByKey {
  // Most sets have none, and then thousands of flags need not be looked at.
  if (!isRecord(metadata)) return flags;
  return Object.fromEntries(
    Object.entries(flags).map(([key, flag]) => {
      if (!isRecord(flag) || (flag["metadata"] !== undefined && !isRecord(flag["metadata"]))) return [key, flag];
      return [key, { ...flag, metadata: { ...metadata, ...flag["metadata"] } }];
    }),
  );
}

function without(flags: FlagsByKey, keys: readonly string[]): FlagsByKey {
  const excluded = new Set(keys);
  return Object.fromEntries(Object.entries(flags).filter(([key]) => !excluded.has(key)));
}

function hashOf(document: unknown): string {
  return createHash("sha256").update(JSON.stringify(document)).digest("hex");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
