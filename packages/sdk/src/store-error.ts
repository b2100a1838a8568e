/** What a store's failure is called, whoever wrote the store. */
import { DimmerError } from "@dimmer/spec/errors";

export function toStoreError(store: string, error: unknown): DimmerError {
  if (DimmerError.is(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new DimmerError("store_unreadable", `The store '${store}' failed: ${reason}`, { store }, { cause: error });
}
