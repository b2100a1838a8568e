/** A whole set as its file says it, checked. */
import type { Bucketing } from "@dimmer/spec";
import { bucketingNames } from "../bucketing/bucketing-rule.ts";
import type { FlagMetadata } from "../evaluation.ts";
import type { FaultList } from "../fault.ts";
import { limits } from "../limits.ts";
import { isObject } from "../targeting/values.ts";
import { readFlag, readMetadata, type FlagDraft } from "./read-flag.ts";
import { memberNames, Reader } from "./reader.ts";

export interface SetSource {
  readonly setId: string;
  readonly version: number;
  readonly hash: string;
  readonly environment: string;
  readonly bucketing: Bucketing;
  readonly metadata: FlagMetadata;
  readonly evaluators: ReadonlyMap<string, unknown>;
  /** In the order of the file. */
  readonly flags: Map<string, FlagDraft>;
}

/** Reads a set; undefined when it is no set at all. */
export function readSet(file: unknown, faults: FaultList): SetSource | undefined {
  if (!isObject(file)) {
    faults.add("", "not-object", file);
    return undefined;
  }
  const reader = new Reader(file, "", faults);
  const input = reader.object("flags");
  if (reader.get("flags") === undefined) reader.fault("flags", "missing");
  if (input === undefined) return undefined;
  const keys = memberNames(input, "/flags", faults);
  if (keys.length > limits.flags) {
    reader.fault("flags", "too-many-flags", keys.length);
    return undefined;
  }
  const metadata = readMetadata(reader, Object.freeze({}));
  const flags = new Map<string, FlagDraft>();
  const surroundings = { metadata, faults, knownVariants: new Map() };
  for (const key of keys) {
    const flag = readFlag(key, input[key], surroundings);
    if (flag !== undefined) flags.set(key, flag);
  }
  return {
    setId: reader.text("setId") ?? "",
    version: readVersion(reader),
    hash: reader.text("hash") ?? "",
    environment: reader.text("environment") ?? "",
    bucketing: readBucketing(reader),
    metadata,
    evaluators: readEvaluators(reader),
    flags,
  };
}

function readEvaluators(reader: Reader): ReadonlyMap<string, unknown> {
  const input = reader.object("$evaluators") ?? {};
  return new Map(memberNames(input, "/$evaluators", reader.faults).map((name) => [name, input[name]]));
}

function readVersion(reader: Reader): number {
  return reader.read("version", isVersion, "not-version") ?? 0;
}

function isVersion(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function readBucketing(reader: Reader): Bucketing {
  const value = reader.get("bucketing");
  const known = bucketingNames.find((name) => name === value);
  if (known === undefined && value !== undefined) reader.fault("bucketing", "unknown-bucketing", ...bucketingNames);
  return known ?? "flagd-v2";
}
