/** A whole set as its file says it, checked. */
import type { Bucketing } from "@dimmer/spec";
import { bucketingNames } from "../bucketing/bucketing-rule.ts";
import type { FlagMetadata } from "../evaluation.ts";
import type { FaultList } from "../fault.ts";
import { limits } from "../limits.ts";
import { isList, isRecord } from "../targeting/values.ts";
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
  if (!isRecord(file) || isList(file)) {
    faults.add("", "A flag set must be an object.", 'Write {"flags": {…}}.', file);
    return undefined;
  }
  const reader = new Reader(file, "", faults);
  if (isList(reader.get("flags"))) {
    reader.fault("flags", "'flags' must be an object, not a list.", 'Write the flags by key: {"my-flag": {…}}.');
    return undefined;
  }
  const input = reader.object("flags", "flags");
  if (input === undefined) {
    if (reader.get("flags") === undefined) {
      reader.fault(
        "flags",
        "There are no 'flags'.",
        "Put the flags under 'flags'; a short-form file is expanded by 'dimmer init --from'.",
      );
    }
    return undefined;
  }
  const keys = memberNames(input, "/flags", faults);
  if (keys.length > limits.flags) {
    reader.fault(
      "flags",
      `A set has at most ${limits.flags} flags; this one has ${keys.length}.`,
      "Split it into several sets.",
    );
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
  const version = reader.get("version");
  if (version === undefined) return 0;
  if (typeof version === "number" && Number.isSafeInteger(version) && version >= 0) return version;
  reader.fault(
    "version",
    "'version' must be a whole number from 0 up.",
    "Leave it out of files; the control plane sets it.",
  );
  return 0;
}

function readBucketing(reader: Reader): Bucketing {
  const name = reader.get("bucketing") ?? "flagd-v2";
  const known = bucketingNames.find((candidate) => candidate === name);
  if (known === undefined) {
    reader.fault("bucketing", "This engine does not know this bucketing.", `Use one of: ${bucketingNames.join(", ")}.`);
  }
  return known ?? "flagd-v2";
}
