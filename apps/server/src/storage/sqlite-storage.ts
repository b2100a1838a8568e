/** The embedded database: one SQLite file in WAL mode, every commit on disk before it is acknowledged (ADR-0003). */
import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import { DimmerError } from "@dimmer/spec/errors";
import { Kysely } from "kysely";
import { lockDirectory } from "./directory-lock.ts";
import { migrate } from "./migrations.ts";
import { NodeSqliteDialect, toStorageError } from "./node-sqlite-dialect.ts";
import { isWritableDirectory, openReadOnlyCopy } from "./read-only-copy.ts";
import type { Reader, Storage, Writer } from "./storage.ts";
import type { Tables } from "./tables.ts";

/** Where the database is, and what a test may watch. */
export interface SqliteStorageOptions {
  /** Folder of dimmer.db; absent: a database in memory that ends with the process. */
  readonly directory?: string | undefined;
  /** Called before each statement of the writing connection. */
  readonly beforeStatement?: ((sql: string) => void) | undefined;
}

/**
 * Opens the database, locks its folder and brings its schema up to date. A folder that is read-only is only read.
 *
 * @throws `storage_locked` when another process has the folder open; `storage_unavailable` when it cannot be used.
 */
export async function openSqliteStorage(options: SqliteStorageOptions = {}): Promise<Storage> {
  const { directory, beforeStatement } = options;
  if (directory !== undefined && !isWritableDirectory(directory)) return openReadOnlyCopy(directory);
  let unlock = (): void => undefined;
  try {
    if (directory !== undefined) unlock = lockDirectory(join(directory, "dimmer.lock"));
    const path = directory === undefined ? ":memory:" : join(directory, "dimmer.db");
    const database = new DatabaseSync(path);
    database.exec(
      "pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 2000; pragma foreign_keys = on",
    );
    const writer = new Kysely<Tables>({ dialect: new NodeSqliteDialect({ database, beforeStatement }) });
    await migrate(writer);
    // A database in memory exists once per connection, so there its reads wait for the writer.
    const reader = directory === undefined ? writer : openReader(path);
    return new SqliteStorage(writer, reader, unlock);
  } catch (error) {
    unlock();
    throw asUnavailable(toStorageError(error), directory ?? "memory");
  }
}

function openReader(path: string): Kysely<Tables> {
  const database = new DatabaseSync(path, { readOnly: true });
  database.exec("pragma busy_timeout = 2000");
  return new Kysely<Tables>({ dialect: new NodeSqliteDialect({ database }) });
}

class SqliteStorage implements Storage {
  readonly #writer: Kysely<Tables>;
  readonly read: Reader;
  readonly #unlock: () => void;

  constructor(writer: Kysely<Tables>, reader: Reader, unlock: () => void) {
    this.#writer = writer;
    this.read = reader;
    this.#unlock = unlock;
  }

  async transact<T>(work: (writer: Writer) => Promise<T>): Promise<T> {
    return await this.#writer.transaction().execute(work);
  }

  async isWritable(): Promise<boolean> {
    try {
      await this.#writer.transaction().execute(async (transaction) => {
        // Dirties a page, so that a full disk shows; the row itself never exists.
        await transaction.insertInto("outbox").values({ id: 0, environment: "", topic: "", subject: "" }).execute();
        await transaction.deleteFrom("outbox").where("id", "=", 0).execute();
      });
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    if (this.read !== this.#writer) await this.read.destroy();
    await this.#writer.destroy();
    this.#unlock();
  }
}

/** Opening a file fails with errors of Node as well; at this place each of them means that storage cannot be used. */
function asUnavailable(error: unknown, place: string): unknown {
  const reason = DimmerError.is(error) ? error.details["reason"] : error instanceof Error ? error.message : undefined;
  // What has no reason of SQLite or Node says by itself what is wrong: a lock, a schema that is too new.
  if (typeof reason !== "string") return error;
  return new DimmerError(
    "storage_unavailable",
    `The control plane cannot open its database in ${place}: ${reason}.`,
    { place, reason },
    { cause: error },
  );
}
