/** Flag sets, flags and their history in the database. Only the flags feature reads and writes these tables. */
import type { Flag, FlagHistoryEntry, FlagSet } from "@dimmer/spec";
import { toIso } from "../clock.ts";
import type { Commit } from "../storage/commits.ts";
import type { Reader } from "../storage/storage.ts";

/** What tells one state of a set from another. */
export interface FlagSetHeader {
  readonly version: number;
  readonly hash: string;
}

/** The header of an environment's set; undefined when there is none. */
export async function readHeader(reader: Reader, environment: string): Promise<FlagSetHeader | undefined> {
  return await reader
    .selectFrom("flag_sets")
    .select(["version", "hash"])
    .where("environment", "=", environment)
    .executeTakeFirst();
}

/** The whole set of an environment. */
export async function readFlagSet(reader: Reader, environment: string): Promise<FlagSet | undefined> {
  const row = await reader
    .selectFrom("flag_sets")
    .selectAll()
    .where("environment", "=", environment)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const rows = await reader
    .selectFrom("flags")
    .select(["key", "definition"])
    .where("environment", "=", environment)
    .orderBy("position")
    .execute();
  // Both were parsed by their schemas before they were stored.
  const flags = Object.fromEntries(rows.map(({ key, definition }) => [key, JSON.parse(definition) as Flag]));
  const rest = JSON.parse(row.document) as Pick<FlagSet, "bucketing">;
  return { ...rest, environment, setId: row.set_id, version: row.version, hash: row.hash, flags };
}

/** Who made a change, and why. */
export interface Authorship {
  readonly by: string;
  readonly reason: string;
}

/** Writes a set whose `changed` flags are new, different or gone, with their history. */
export async function writeFlagSet(
  commit: Commit,
  set: FlagSet,
  changed: readonly string[],
  author: Authorship,
): Promise<void> {
  const { writer, nowMs } = commit;
  const { flags, environment, setId, version, hash, ...rest } = set;
  const row = { environment, set_id: setId, version, hash, document: JSON.stringify(rest) };
  await writer
    .insertInto("flag_sets")
    .values(row)
    .onConflict((conflict) => conflict.column("environment").doUpdateSet(row))
    .execute();
  const positions = new Map(Object.keys(flags).map((key, index) => [key, index]));
  for (const key of changed) {
    const flag = flags[key];
    const definition = flag === undefined ? null : JSON.stringify(flag);
    await writer
      .insertInto("flag_history")
      .values({ environment, key, version, at_ms: nowMs, author: author.by, reason: author.reason, definition })
      .execute();
    if (definition === null) {
      await writer.deleteFrom("flags").where("environment", "=", environment).where("key", "=", key).execute();
    } else {
      await writer
        .insertInto("flags")
        .values({ environment, key, position: positions.get(key) ?? 0, definition })
        .onConflict((conflict) => conflict.columns(["environment", "key"]).doUpdateSet({ definition }))
        .execute();
    }
  }
}

/** Earlier definitions of one flag, newest first. */
export async function readHistory(
  reader: Reader,
  environment: string,
  key: string,
  page: { readonly limit: number; readonly before?: number | undefined },
): Promise<FlagHistoryEntry[]> {
  let query = reader
    .selectFrom("flag_history")
    .selectAll()
    .where("environment", "=", environment)
    .where("key", "=", key)
    .orderBy("version", "desc")
    .limit(page.limit);
  if (page.before !== undefined) query = query.where("version", "<", page.before);
  return (await query.execute()).map((row) => ({
    version: row.version,
    at: toIso(row.at_ms),
    by: row.author,
    reason: row.reason,
    // Parsed by its schema before it was stored.
    definition: row.definition === null ? null : (JSON.parse(row.definition) as Flag),
  }));
}
