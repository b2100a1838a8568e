/** What the event stream says when a set is another: which flags are new, different or gone. */
import type { JsonObject } from "@bufbuild/protobuf";
import type { ServedFlagSet } from "../flags/served-flags.ts";
import { changedFlags } from "./lowered-text.ts";

/** As `flagd.evaluation` sends it. */
export interface ChangeEvent {
  readonly type: "configuration_change";
  readonly data: JsonObject;
}

/** The step that was asked about last: nearly all followers ask about the same one. */
let last: {
  readonly before: ServedFlagSet | undefined;
  readonly after: ServedFlagSet;
  readonly event: ChangeEvent | undefined;
} | null = null;

/**
 * Undefined when clients see no difference. The same object for all who ask about a step before the next one is asked
 * about. `before` is undefined where nothing was known.
 */
export function changeEvent(before: ServedFlagSet | undefined, after: ServedFlagSet): ChangeEvent | undefined {
  if (last?.before === before && last?.after === after) return last.event;
  const keys = before === undefined ? after.compiled.keys : changedFlags(before, after);
  const event: ChangeEvent | undefined =
    keys.length === 0 ? undefined : { type: "configuration_change", data: { flags: describe(keys, before, after) } };
  last = { before, after, event };
  return event;
}

function describe(keys: readonly string[], before: ServedFlagSet | undefined, after: ServedFlagSet): JsonObject {
  return Object.fromEntries(
    keys.map((flagKey) => {
      const isNew = before?.compiled.flags.has(flagKey) !== true;
      const type = after.compiled.flags.has(flagKey) ? (isNew ? "write" : "update") : "delete";
      return [flagKey, { type, source: after.environment, flagKey }];
    }),
  );
}
