/** The audit log: one entry for every thing that was done, written in the transaction that did it. */
import type { AuditEntry } from "@dimmer/spec";
import { toIso } from "../clock.ts";
import type { Commit } from "../storage/commits.ts";
import type { Reader } from "../storage/storage.ts";
import type { Tables } from "../storage/tables.ts";
import type { Selectable } from "kysely";

/** What is said about one thing that was done. */
export interface AuditRecord {
  readonly environment: string;
  readonly by: string;
  /** noun-verb, past: flags-changed, stage-entered ... */
  readonly action: string;
  readonly target: string;
  readonly reason: string;
  /** When it was done; default: the time of the commit. */
  readonly atMs?: number | undefined;
  readonly version?: number | undefined;
  readonly undo?: string | undefined;
}

/** Environment of entries that concern them all. */
export const allEnvironments = "*";

/** Adds an entry to an open commit. */
export async function recordAudit(commit: Commit, record: AuditRecord): Promise<void> {
  const row = await commit.writer
    .insertInto("audit")
    .values({
      environment: record.environment,
      at_ms: record.atMs ?? commit.nowMs,
      author: record.by,
      action: record.action,
      target: record.target,
      reason: record.reason,
      version: record.version ?? null,
      undo: record.undo ?? null,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await commit.announce(record.environment, "audit", String(row.id));
}

/** Entries of one environment and of all environments, newest first. */
export async function listAudit(
  reader: Reader,
  environment: string,
  page: { readonly limit: number; readonly before?: number | undefined },
): Promise<AuditEntry[]> {
  let query = reader
    .selectFrom("audit")
    .selectAll()
    .where("environment", "in", [environment, allEnvironments])
    .orderBy("id", "desc")
    .limit(page.limit);
  if (page.before !== undefined) query = query.where("id", "<", page.before);
  return (await query.execute()).map(toAuditEntry);
}

/** One entry. */
export async function findAudit(reader: Reader, id: number): Promise<AuditEntry | undefined> {
  const row = await reader.selectFrom("audit").selectAll().where("id", "=", id).executeTakeFirst();
  return row === undefined ? undefined : toAuditEntry(row);
}

function toAuditEntry(row: Selectable<Tables["audit"]>): AuditEntry {
  const entry: AuditEntry = {
    id: row.id,
    environment: row.environment,
    at: toIso(row.at_ms),
    by: row.author,
    action: row.action,
    target: row.target,
    reason: row.reason,
  };
  if (row.version !== null) entry.version = row.version;
  if (row.undo !== null) entry.undo = row.undo;
  return entry;
}
