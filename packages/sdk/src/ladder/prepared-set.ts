/** A store's document taken apart, so that several can be laid over one another flag by flag. */
import { createHash } from "node:crypto";
import { compile } from "@dimmer/engine";
import { expandShortForm, isShortForm } from "@dimmer/engine/short-form";
import type { Fault } from "@dimmer/engine";
import type { Reading } from "@dimmer/stores";

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
  readonly bucketing: string | undefined;
  readonly flags: ReadonlyMap<string, unknown>;
  readonly evaluators: ReadonlyMap<string, unknown>;
}

export type PrepareResult =
  | { readonly ok: true; readonly set: PreparedSet }
  | { readonly ok: false; readonly faults: readonly Fault[] };

/** Judges everything but the flags themselves. */
export function prepareSet(reading: Reading): PrepareResult {
  const short = isShortForm(reading.document);
  const expanded = short ? expandShortForm(reading.document) : { ok: true as const, definitions: reading.document };
  if (!expanded.ok) return expanded;
  const document = expanded.definitions;
  if (!isRecord(document) || !isRecord(document["flags"])) {
    const judged = compile(document);
    return { ok: false, faults: judged.ok ? [] : judged.faults };
  }
  const envelope = compile({ ...document, flags: {} });
  if (!envelope.ok) return { ok: false, faults: envelope.faults };
  const { metadata, version, bucketing, hash } = document;
  const flags = Object.entries(document["flags"]).map(([key, flag]) => [key, withMetadata(flag, metadata)] as const);
  return {
    ok: true,
    set: {
      reading,
      isShortForm: short,
      setId: envelope.compiled.setId,
      version: version === undefined ? undefined : envelope.compiled.version,
      hash: typeof hash === "string" && hash !== "" ? hash : hashOf(document),
      bucketing: typeof bucketing === "string" ? bucketing : undefined,
      flags: new Map(flags),
      evaluators: new Map(Object.entries(isRecord(document["$evaluators"]) ? document["$evaluators"] : {})),
    },
  };
}

/** A flag on its own, away from its set: the set's metadata goes with it, name by name below its own. */
function withMetadata(flag: unknown, metadata: unknown): unknown {
  if (!isRecord(flag) || !isRecord(metadata) || (flag["metadata"] !== undefined && !isRecord(flag["metadata"])))
    return flag;
  return { ...flag, metadata: { ...metadata, ...flag["metadata"] } };
}

function hashOf(document: unknown): string {
  return createHash("sha256").update(JSON.stringify(document)).digest("hex");
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
