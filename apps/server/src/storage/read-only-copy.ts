/**
 * The database of a data folder that cannot be written: read from a private copy, because SQLite itself would have to
 * write beside the original to read what a crash left in its log. Every write is refused; kills need no database.
 */
import { accessSync, constants, copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { DimmerError } from "@dimmer/spec/errors";
import { Kysely } from "kysely";
import { NodeSqliteDialect } from "./node-sqlite-dialect.ts";
import type { Storage } from "./storage.ts";
import type { Tables } from "./tables.ts";

/** Whether files can be made in a folder; false for a read-only file system, whoever asks. */
export function isWritableDirectory(directory: string): boolean {
  try {
    accessSync(directory, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Opens a copy of the folder's database for reading. Nothing locks the folder: there is nothing to protect.
 *
 * @throws `storage_unavailable` when the folder has no database yet.
 */
export function openReadOnlyCopy(directory: string): Storage {
  if (!existsSync(join(directory, "dimmer.db"))) {
    throw new DimmerError(
      "storage_unavailable",
      `The data folder ${directory} is read-only and holds no database yet.`,
      { directory },
    );
  }
  const copy = mkdtempSync(join(tmpdir(), "dimmer-read-only-"));
  for (const name of ["dimmer.db", "dimmer.db-wal"]) {
    if (existsSync(join(directory, name))) copyFileSync(join(directory, name), join(copy, name));
  }
  const read = new Kysely<Tables>({
    dialect: new NodeSqliteDialect({ database: new DatabaseSync(join(copy, "dimmer.db")) }),
  });
  return {
    read,
    async transact() {
      throw new DimmerError("storage_unavailable", `The data folder ${directory} is read-only: changes are refused.`, {
        directory,
      });
    },
    isWritable: async () => await Promise.resolve(false),
    async close() {
      await read.destroy();
      rmSync(copy, { recursive: true, force: true });
    },
  };
}
