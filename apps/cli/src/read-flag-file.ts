/** Reads the flag file a command was given. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Reading } from "@dimmer/stores";
import { createFlagFile } from "@dimmer/stores/file";

/** @throws `usage` when it cannot be read: another name helps, not another try; `flag_set_invalid` when it is neither JSON nor YAML. */
export async function readFlagFile(path: string): Promise<Reading> {
  try {
    return await createFlagFile({ path }).read(new AbortController().signal);
  } catch (error) {
    if (!DimmerError.is(error) || error.code !== "store_unreadable") throw error;
    throw new DimmerError("usage", error.message, error.details, { cause: error });
  }
}
