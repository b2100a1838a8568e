/** Rollouts in the database: leases, fences, deadlines. Only the rollouts feature reads and writes this table. */
import type { Rollout } from "@dimmer/spec";
import type { Selectable } from "kysely";
import type { Reader, Writer } from "../storage/storage.ts";
import type { Tables } from "../storage/tables.ts";

/** A rollout with what the loop needs to know of it. */
export interface StoredRollout {
  readonly rollout: Rollout;
  /** Id of the last observation that is part of the evidence. */
  readonly observedThrough: number;
  readonly fence: number;
}

const unfinished = ["running", "paused"];

/** Whether an attempt is still under way. */
export function isUnfinished(rollout: Rollout): boolean {
  return unfinished.includes(rollout.status);
}

export async function insertRollout(writer: Writer, stored: StoredRollout, nextRunAtMs: number): Promise<void> {
  const { rollout, observedThrough, fence } = stored;
  await writer
    .insertInto("rollouts")
    .values({
      id: rollout.id,
      environment: rollout.environment,
      flag: rollout.flag,
      attempt: rollout.attempt,
      status: rollout.status,
      document: JSON.stringify(rollout),
      observed_through: observedThrough,
      started_at_ms: Date.parse(rollout.startedAt),
      next_run_at_ms: nextRunAtMs,
      lease_owner: null,
      lease_until_ms: null,
      fence,
    })
    .execute();
}

/**
 * Writes what became of a rollout, and lets go of its lease. False when somebody else has written it since it was read:
 * then nothing of this transaction may stay.
 */
export async function updateRollout(
  writer: Writer,
  stored: StoredRollout,
  nextRunAtMs: number | null,
): Promise<boolean> {
  const { rollout, observedThrough, fence } = stored;
  const result = await writer
    .updateTable("rollouts")
    .set({
      status: rollout.status,
      document: JSON.stringify(rollout),
      observed_through: observedThrough,
      next_run_at_ms: nextRunAtMs,
      lease_owner: null,
      lease_until_ms: null,
      fence: fence + 1,
    })
    .where("id", "=", rollout.id)
    .where("fence", "=", fence)
    .executeTakeFirstOrThrow();
  return result.numUpdatedRows === 1n;
}

/** Takes a lease on every rollout that is due and that no other process is looking at. */
export async function claimDue(
  writer: Writer,
  claim: { readonly owner: string; readonly nowMs: number; readonly leaseMs: number; readonly recheckMs: number },
): Promise<StoredRollout[]> {
  const { owner, nowMs, leaseMs, recheckMs } = claim;
  const rows = await writer
    .updateTable("rollouts")
    .set((expression) => ({
      lease_owner: owner,
      lease_until_ms: nowMs + leaseMs,
      next_run_at_ms: nowMs + recheckMs,
      fence: expression("fence", "+", 1),
    }))
    .where("next_run_at_ms", "<=", nowMs)
    .where((expression) =>
      expression.or([
        expression("lease_until_ms", "is", null),
        expression("lease_until_ms", "<=", nowMs),
        expression("lease_owner", "=", owner),
      ]),
    )
    .returningAll()
    .execute();
  return rows.map(toStored);
}

/** Makes the unfinished rollouts of `flags` due at once. */
export async function makeDue(
  writer: Writer,
  environment: string,
  flags: readonly string[],
  nowMs: number,
): Promise<void> {
  await writer
    .updateTable("rollouts")
    .set({ next_run_at_ms: nowMs })
    .where("environment", "=", environment)
    .where("flag", "in", flags)
    .where("status", "in", unfinished)
    .execute();
}

export async function readRollout(reader: Reader, environment: string, id: string): Promise<StoredRollout | undefined> {
  const row = await reader
    .selectFrom("rollouts")
    .selectAll()
    .where("environment", "=", environment)
    .where("id", "=", id)
    .executeTakeFirst();
  return row === undefined ? undefined : toStored(row);
}

/** The unfinished rollouts of an environment. */
export async function readUnfinished(reader: Reader, environment: string): Promise<StoredRollout[]> {
  return (
    await reader
      .selectFrom("rollouts")
      .selectAll()
      .where("environment", "=", environment)
      .where("status", "in", unfinished)
      .execute()
  ).map(toStored);
}

/** The latest attempt on each flag of an environment. */
export async function readLatest(reader: Reader, environment: string): Promise<StoredRollout[]> {
  const rows = await reader
    .selectFrom("rollouts as r")
    .selectAll()
    .where("environment", "=", environment)
    .where((expression) =>
      expression.not(
        expression.exists(
          expression
            .selectFrom("rollouts as later")
            .select("later.id")
            .whereRef("later.environment", "=", "r.environment")
            .whereRef("later.flag", "=", "r.flag")
            .whereRef("later.attempt", ">", "r.attempt"),
        ),
      ),
    )
    .orderBy("started_at_ms", "desc")
    .execute();
  return rows.map(toStored);
}

/** The latest attempt on one flag. */
export async function readLatestOf(
  reader: Reader,
  environment: string,
  flag: string,
): Promise<StoredRollout | undefined> {
  const row = await reader
    .selectFrom("rollouts")
    .selectAll()
    .where("environment", "=", environment)
    .where("flag", "=", flag)
    .orderBy("attempt", "desc")
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? undefined : toStored(row);
}

/** Rollouts, newest first; `before` is a start time in unix milliseconds. */
export async function listRollouts(
  reader: Reader,
  environment: string,
  page: { readonly limit: number; readonly before?: number | undefined; readonly flag?: string | undefined },
): Promise<Rollout[]> {
  let query = reader
    .selectFrom("rollouts")
    .selectAll()
    .where("environment", "=", environment)
    .orderBy("started_at_ms", "desc")
    .orderBy("attempt", "desc")
    .limit(page.limit);
  if (page.before !== undefined) query = query.where("started_at_ms", "<", page.before);
  if (page.flag !== undefined) query = query.where("flag", "=", page.flag);
  return (await query.execute()).map((row) => toStored(row).rollout);
}

/** Rollout id by flag, of the unfinished ones. */
export async function findOwners(reader: Reader, environment: string): Promise<ReadonlyMap<string, string>> {
  const rows = await reader
    .selectFrom("rollouts")
    .select(["flag", "id"])
    .where("environment", "=", environment)
    .where("status", "in", unfinished)
    .execute();
  return new Map(rows.map((row) => [row.flag, row.id]));
}

/** The observation up to which every unfinished rollout has read; undefined when there is none. */
export async function observedThroughByAll(reader: Reader): Promise<number | undefined> {
  const row = await reader
    .selectFrom("rollouts")
    .select((expression) => expression.fn.min("observed_through").as("through"))
    .where("status", "in", unfinished)
    .executeTakeFirst();
  return row?.through ?? undefined;
}

function toStored(row: Selectable<Tables["rollouts"]>): StoredRollout {
  // Written by this file only.
  return { rollout: JSON.parse(row.document) as Rollout, observedThrough: row.observed_through, fence: row.fence };
}
