/** Where each environment stands, in the database. */
import { stageName, type StageName } from "@dimmer/spec";
import type { Reader, Writer } from "../storage/storage.ts";

/** A stage that was entered. */
export interface EnteredStage {
  readonly current: StageName;
  readonly enteredAtMs: number;
  readonly enteredBy: string;
}

export async function readStage(reader: Reader, environment: string): Promise<EnteredStage | undefined> {
  const row = await reader.selectFrom("stages").selectAll().where("environment", "=", environment).executeTakeFirst();
  if (row === undefined) return undefined;
  return { current: stageName.parse(row.stage), enteredAtMs: row.entered_at_ms, enteredBy: row.entered_by };
}

export async function writeStage(writer: Writer, environment: string, stage: EnteredStage): Promise<void> {
  const row = { environment, stage: stage.current, entered_at_ms: stage.enteredAtMs, entered_by: stage.enteredBy };
  await writer
    .insertInto("stages")
    .values(row)
    .onConflict((conflict) => conflict.column("environment").doUpdateSet(row))
    .execute();
}
