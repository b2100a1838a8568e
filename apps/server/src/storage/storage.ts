/** The port to the database. What a transaction's promise resolves for is on disk and survives kill -9. */
import type { Kysely, Transaction } from "kysely";
import type { Tables } from "./tables.ts";

/** What reads: the storage itself, or a transaction that also sees its own writes. */
export type Reader = Kysely<Tables>;
/** An open transaction. */
export type Writer = Transaction<Tables>;

/** A relational database. Implementations pass storage-contract.ts. */
export interface Storage {
  /** Reads what has been committed. Never used inside a transaction, which reads by its own handle. */
  readonly read: Reader;
  /**
   * Runs `work` in one transaction, alone among all transactions: everything it wrote lands, durably, or nothing does.
   *
   * @throws `storage_unavailable` when the database cannot be written: disk full, read-only, damaged.
   */
  transact<T>(work: (writer: Writer) => Promise<T>): Promise<T>;
  /** Tries a write that changes nothing. */
  isWritable(): Promise<boolean>;
  close(): Promise<void>;
}
