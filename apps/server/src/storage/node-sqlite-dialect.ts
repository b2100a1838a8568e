/**
 * Kysely on node:sqlite. One connection, handed to one query or one transaction at a time; transactions begin
 * IMMEDIATE, so that two of them never deadlock while upgrading a read lock.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";
import { DimmerError } from "@dimmer/spec/errors";
import { CompiledQuery, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";
import type {
  DatabaseConnection,
  DatabaseIntrospector,
  Dialect,
  DialectAdapter,
  Driver,
  Kysely,
  QueryCompiler,
  QueryResult,
} from "kysely";

/** What the dialect runs on. */
export interface NodeSqliteDialectOptions {
  readonly database: DatabaseSync;
  /** Called before each statement; a test ends the process there. */
  readonly beforeStatement?: ((sql: string) => void) | undefined;
}

export class NodeSqliteDialect implements Dialect {
  readonly #options: NodeSqliteDialectOptions;

  constructor(options: NodeSqliteDialectOptions) {
    this.#options = options;
  }

  createAdapter(): DialectAdapter {
    return new SqliteAdapter();
  }

  createDriver(): Driver {
    return new NodeSqliteDriver(this.#options);
  }

  createIntrospector(database: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(database);
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }
}

class NodeSqliteDriver implements Driver {
  readonly #database: DatabaseSync;
  readonly #connection: NodeSqliteConnection;
  /** Resolves when the connection is free again. */
  #turn: Promise<void> = Promise.resolve();
  #endTurn: () => void = () => undefined;

  constructor(options: NodeSqliteDialectOptions) {
    this.#database = options.database;
    this.#connection = new NodeSqliteConnection(options);
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#turn;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    await before;
    this.#endTurn = resolve;
    return this.#connection;
  }

  async releaseConnection(): Promise<void> {
    this.#endTurn();
  }

  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("begin immediate"));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw("commit"));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // SQLite has rolled back by itself after a full disk or an I/O error.
    if (this.#database.isTransaction) await connection.executeQuery(CompiledQuery.raw("rollback"));
  }

  async destroy(): Promise<void> {
    if (this.#database.isOpen) this.#database.close();
  }
}

/** How many prepared statements are kept; the control plane has fewer than this. */
const maxStatements = 256;

class NodeSqliteConnection implements DatabaseConnection {
  readonly #options: NodeSqliteDialectOptions;
  readonly #statements = new Map<string, StatementSync>();

  constructor(options: NodeSqliteDialectOptions) {
    this.#options = options;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#options.beforeStatement?.(query.sql);
    try {
      const statement = this.#prepare(query.sql);
      // Kysely passes what the typed tables allow: strings, numbers and null.
      const parameters = query.parameters as readonly SQLInputValue[];
      if (statement.columns().length > 0) {
        // The typed tables describe the rows.
        return { rows: statement.all(...parameters) as R[] };
      }
      const { changes, lastInsertRowid } = statement.run(...parameters);
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
    } catch (error) {
      throw toStorageError(error);
    }
  }

  // eslint-disable-next-line require-yield -- the interface asks for it; nothing here reads more rows than fit in memory
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("This dialect does not stream.");
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#options.database.prepare(sql);
    if (this.#statements.size >= maxStatements) this.#statements.clear();
    this.#statements.set(sql, statement);
    return statement;
  }
}

const anew = "Restore a backup, or move the file away and start anew";

/** Primary result codes (https://sqlite.org/rescode.html) that say the file or the disk is at fault, not the statement. */
const unavailable = new Map<number, string>([
  [5, "the database is locked by another process"],
  [8, "the database is read-only"],
  [10, "the disk reports an I/O error"],
  [11, `the database file is damaged. ${anew}`],
  [13, "the disk is full"],
  [14, "the database file cannot be opened"],
  [26, `the file is not a database. ${anew}`],
]);

/** Turns what node:sqlite throws into `storage_unavailable` where storage is at fault; anything else stays as it is. */
export function toStorageError(error: unknown): unknown {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return error;
  const reason = unavailable.get(error.errcode & 0xff);
  if (reason === undefined) return error;
  return new DimmerError(
    "storage_unavailable",
    `The control plane cannot use its database: ${reason}.`,
    { reason },
    { cause: error },
  );
}
