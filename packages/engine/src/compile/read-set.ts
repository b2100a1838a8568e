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
    faults.add("", "A flag set must be an object.", 'Write {"flags": {…}}.', file);
    return undefined;
  }
  const reader = new Reader(file, "", faults);
  const input = reader.read("flags", isObject, "an object", 'Write the flags by key: {"my-flag": {…}}.');
  if (reader.get("flags") === undefined) {
    const fix = "Put the flags under 'flags'; a short-form file is expanded by 'dimmer init --from'.";
    reader.fault("flags", "There are no 'flags'.", fix);
  }
  if (input === undefined) return undefined;
  const keys = memberNames(input, "/flags", faults);
  if (keys.length > limits.flags) {
    const message = `A set has at most ${limits.flags} flags; this one has ${keys.length}.`;
    reader.fault("flags", message, "Split it into several sets.");
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
  const input = reader.object("$evaluators", "targeting") ?? {};
  return new Map(memberNames(input, "/$evaluators", reader.faults).map((name) => [name, input[name]]));
}

function readVersion(reader: Reader): number {
  const fix = "Leave it out of files; the control plane sets it.";
  return reader.read("version", isVersion, "a whole number from 0 up", fix) ?? 0;
}

function isVersion(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function readBucketing(reader: Reader): Bucketing {
  const what = `one of: ${bucketingNames.join(", ")}`;
  return reader.read("bucketing", isBucketing, what, "Write one that this engine knows.") ?? "flagd-v2";
}

function isBucketing(value: unknown): value is Bucketing {
  return bucketingNames.some((name) => name === value);
}
