/** Reads a flag file in any form it may have: by key, as a list, or the short form. */
import { compile, type CompiledFlagSet } from "@dimmer/engine";
import { isFlagList, keyFlags } from "@dimmer/engine/flag-list";
import { expandShortForm, isShortForm } from "@dimmer/engine/short-form";
import type { FlagDefinitions } from "@dimmer/spec";
import { flagFileError } from "./flag-file-error.ts";
import { readFlagFile } from "./read-flag-file.ts";

/** What stands in a flag file, and the same compiled. */
export interface FlagFile {
  readonly definitions: FlagDefinitions;
  readonly compiled: CompiledFlagSet;
}

/** @throws `usage` when the file cannot be read, `flag_set_invalid` with every fault by line and pointer. */
export async function readFlagDefinitions(path: string): Promise<FlagFile> {
  const reading = await readFlagFile(path);
  const expanded = expand(reading.document);
  if (!expanded.ok) throw flagFileError(path, reading, expanded.faults);
  const { definitions } = expanded;
  const result = compile(definitions);
  if (!result.ok) throw flagFileError(path, reading, result.faults);
  // What compiles has the form of definitions.
  return { definitions: definitions as FlagDefinitions, compiled: result.compiled };
}

function expand(document: unknown): ReturnType<typeof keyFlags> | { readonly ok: true; readonly definitions: unknown } {
  if (isShortForm(document)) return expandShortForm(document);
  return isFlagList(document) ? keyFlags(document) : { ok: true, definitions: document };
}
