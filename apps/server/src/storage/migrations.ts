/**
 * The schema, step by step. A step that has been released is never edited; the next change is a new step. All missing
 * steps land in one transaction.
 */
import { DimmerError } from "@dimmer/spec/errors";
import { sql, type Kysely } from "kysely";
import type { Tables } from "./tables.ts";

type Migration = (database: Kysely<Tables>) => Promise<void>;

const migrations: readonly Migration[] = [createFirstTables];

type VersionTable = {
  schema_version: { version: number };
};

/**
 * Brings the schema up to date.
 *
 * @throws `storage_unavailable` when the database was made by a newer Dimmer.
 */
export async function migrate(database: Kysely<Tables>): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await transaction.schema
      .createTable("schema_version")
      .ifNotExists()
      .addColumn("version", "integer", (c) => c.notNull())
      .execute();
    const versions = transaction.$extendTables<VersionTable>();
    const row = await versions.selectFrom("schema_version").select("version").executeTakeFirst();
    const version = row?.version ?? 0;
    if (version > migrations.length) {
      throw new DimmerError(
        "storage_unavailable",
        `The database has schema version ${version}; this Dimmer knows versions up to ${migrations.length}. Run a newer Dimmer, or choose another data folder.`,
      );
    }
    if (version === migrations.length) return;
    for (const migration of migrations.slice(version)) await migration(transaction);
    await versions.deleteFrom("schema_version").execute();
    await versions.insertInto("schema_version").values({ version: migrations.length }).execute();
  });
}

async function createFirstTables(database: Kysely<Tables>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable("environments")
    .addColumn("name", "text", (c) => c.primaryKey())
    .addColumn("created_at_ms", "bigint", (c) => c.notNull())
    .execute();
  await schema
    .createTable("flag_sets")
    .addColumn("environment", "text", (c) => c.primaryKey())
    .addColumn("set_id", "text", (c) => c.notNull())
    .addColumn("version", "bigint", (c) => c.notNull())
    .addColumn("hash", "text", (c) => c.notNull())
    .addColumn("document", "text", (c) => c.notNull())
    .execute();
  await schema
    .createTable("flags")
    .addColumn("environment", "text", (c) => c.notNull())
    .addColumn("key", "text", (c) => c.notNull())
    .addColumn("position", "integer", (c) => c.notNull())
    .addColumn("definition", "text", (c) => c.notNull())
    .addPrimaryKeyConstraint("flags_key", ["environment", "key"])
    .execute();
  await schema
    .createTable("flag_history")
    .addColumn("environment", "text", (c) => c.notNull())
    .addColumn("key", "text", (c) => c.notNull())
    .addColumn("version", "bigint", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .addColumn("author", "text", (c) => c.notNull())
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("definition", "text")
    .addPrimaryKeyConstraint("flag_history_key", ["environment", "key", "version"])
    .execute();
  await schema
    .createTable("stages")
    .addColumn("environment", "text", (c) => c.primaryKey())
    .addColumn("stage", "text", (c) => c.notNull())
    .addColumn("entered_at_ms", "bigint", (c) => c.notNull())
    .addColumn("entered_by", "text", (c) => c.notNull())
    .execute();
  await schema
    .createTable("audit")
    .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
    .addColumn("environment", "text", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .addColumn("author", "text", (c) => c.notNull())
    .addColumn("action", "text", (c) => c.notNull())
    .addColumn("target", "text", (c) => c.notNull())
    .addColumn("reason", "text", (c) => c.notNull())
    .addColumn("version", "bigint")
    .addColumn("undo", "text")
    .execute();
  await schema
    .createTable("outbox")
    .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
    .addColumn("environment", "text", (c) => c.notNull())
    .addColumn("topic", "text", (c) => c.notNull())
    .addColumn("subject", "text", (c) => c.notNull())
    .execute();
  await schema
    .createTable("tokens")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("name", "text", (c) => c.notNull())
    .addColumn("hash", "text", (c) => c.notNull())
    .addColumn("scopes", "text", (c) => c.notNull())
    .addColumn("environment", "text")
    .addColumn("created_at_ms", "bigint", (c) => c.notNull())
    .addColumn("expires_at_ms", "bigint")
    .execute();
  await schema
    .createTable("rollouts")
    .addColumn("id", "text", (c) => c.primaryKey())
    .addColumn("environment", "text", (c) => c.notNull())
    .addColumn("flag", "text", (c) => c.notNull())
    .addColumn("attempt", "integer", (c) => c.notNull())
    .addColumn("status", "text", (c) => c.notNull())
    .addColumn("document", "text", (c) => c.notNull())
    .addColumn("observed_through", "bigint", (c) => c.notNull())
    .addColumn("started_at_ms", "bigint", (c) => c.notNull())
    .addColumn("next_run_at_ms", "bigint")
    .addColumn("lease_owner", "text")
    .addColumn("lease_until_ms", "bigint")
    .addColumn("fence", "bigint", (c) => c.notNull())
    .addUniqueConstraint("rollouts_attempt", ["environment", "flag", "attempt"])
    .execute();
  await schema.createIndex("rollouts_due").on("rollouts").column("next_run_at_ms").execute();
  // The database itself refuses a second unfinished rollout of a flag.
  await sql`create unique index rollouts_unfinished on rollouts (environment, flag) where status in ('running', 'paused')`.execute(
    database,
  );
  await schema
    .createTable("rollout_points")
    .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
    .addColumn("rollout", "text", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .addColumn("weight_percent", "double precision", (c) => c.notNull())
    .addColumn("canary", "text", (c) => c.notNull())
    .addColumn("baseline", "text", (c) => c.notNull())
    .execute();
  await schema.createIndex("rollout_points_order").on("rollout_points").columns(["rollout", "id"]).execute();
  await schema
    .createTable("observations")
    .addColumn("id", "integer", (c) => c.primaryKey().autoIncrement())
    .addColumn("environment", "text", (c) => c.notNull())
    .addColumn("flag", "text", (c) => c.notNull())
    .addColumn("set_version", "bigint", (c) => c.notNull())
    .addColumn("variant", "text", (c) => c.notNull())
    .addColumn("instance_boot_id", "text", (c) => c.notNull())
    .addColumn("sequence", "bigint", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .addColumn("requests", "bigint", (c) => c.notNull())
    .addColumn("errors", "bigint", (c) => c.notNull())
    .addColumn("latency", "text", (c) => c.notNull())
    .addColumn("input_tokens", "bigint", (c) => c.notNull())
    .addColumn("output_tokens", "bigint", (c) => c.notNull())
    .addColumn("cost_micro_usd", "bigint", (c) => c.notNull())
    .addUniqueConstraint("observations_identity", [
      "environment",
      "flag",
      "set_version",
      "variant",
      "instance_boot_id",
      "sequence",
    ])
    .execute();
  await schema
    .createTable("observation_marks")
    .addColumn("environment", "text", (c) => c.notNull())
    .addColumn("instance_boot_id", "text", (c) => c.notNull())
    .addColumn("dropped_through", "bigint", (c) => c.notNull())
    .addColumn("at_ms", "bigint", (c) => c.notNull())
    .addPrimaryKeyConstraint("observation_marks_key", ["environment", "instance_boot_id"])
    .execute();
}
