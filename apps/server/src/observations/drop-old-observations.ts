/** Keeps the table of observations small: what every rollout has read and nobody will send again is dropped. */
import type { Commit, Commits } from "../storage/commits.ts";

/** Instances give up sending a report again long before this. */
const keepMs = 60 * 60 * 1000;
/** How long duplicates of what was dropped are still known. */
const keepMarksMs = 7 * 24 * 60 * 60 * 1000;

/** Drops observations older than an hour that no unfinished rollout has still to read. `readThrough` is the last one all have read. */
export async function dropOldObservations(
  commits: Commits,
  readThrough: (commit: Commit) => Promise<number | undefined>,
): Promise<void> {
  await commits.run(async (commit) => {
    const { writer, nowMs } = commit;
    const through = (await readThrough(commit)) ?? Number.MAX_SAFE_INTEGER;
    const old = await writer
      .selectFrom("observations")
      .select((expression) => ["environment", "instance_boot_id", expression.fn.max("sequence").as("sequence")])
      .where("at_ms", "<", nowMs - keepMs)
      .where("id", "<=", through)
      .groupBy(["environment", "instance_boot_id"])
      .execute();
    for (const { environment, instance_boot_id, sequence } of old) {
      await writer
        .insertInto("observation_marks")
        .values({ environment, instance_boot_id, dropped_through: sequence, at_ms: nowMs })
        .onConflict((conflict) =>
          conflict
            .columns(["environment", "instance_boot_id"])
            .doUpdateSet({ dropped_through: sequence, at_ms: nowMs })
            .where("observation_marks.dropped_through", "<", sequence),
        )
        .execute();
    }
    await writer
      .deleteFrom("observations")
      .where("at_ms", "<", nowMs - keepMs)
      .where("id", "<=", through)
      .execute();
    await writer
      .deleteFrom("observation_marks")
      .where("at_ms", "<", nowMs - keepMarksMs)
      .execute();
  });
}
