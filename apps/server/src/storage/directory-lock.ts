/**
 * One control plane per data folder: a second SQLite file held in an exclusive transaction. The operating system lets
 * go of it when the process dies, however it dies, so there is no stale lock to clean up.
 */
import { DatabaseSync } from "node:sqlite";
import { DimmerError } from "@dimmer/spec/errors";

/**
 * Takes the lock; the answer lets go of it.
 *
 * @throws `storage_locked` when another process holds it.
 */
export function lockDirectory(path: string): () => void {
  const database = new DatabaseSync(path);
  try {
    database.exec("pragma busy_timeout = 0");
    database.exec("begin exclusive");
  } catch (error) {
    database.close();
    if (isBusy(error))
      throw new DimmerError("storage_locked", `Another control plane has the data folder open (${path} is held).`, {
        path,
      });
    throw error;
  }
  return () => database.close();
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "errcode" in error && error.errcode === 5;
}
