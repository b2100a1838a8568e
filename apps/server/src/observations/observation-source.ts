/** What rollouts read of observations: what arrived after the last one they have seen. */
import type { ArmCounts } from "@dimmer/spec";
import type { Reader } from "../storage/storage.ts";

/** Counts of one variant. */
export interface VariantCounts {
  readonly variant: string;
  readonly counts: ArmCounts;
}

/** What arrived, and up to which observation it is complete. */
export interface ArrivedObservations {
  readonly through: number;
  readonly variants: readonly VariantCounts[];
}

/** Id of the newest observation; 0 when there is none. */
export async function lastObservationId(reader: Reader): Promise<number> {
  const row = await reader
    .selectFrom("observations")
    .select((expression) => expression.fn.max("id").as("id"))
    .executeTakeFirst();
  return row?.id ?? 0;
}

/** What arrived for a flag after observation `after`, made by set version `sinceVersion` or a newer one. */
export async function readArrived(
  reader: Reader,
  wanted: {
    readonly environment: string;
    readonly flag: string;
    readonly after: number;
    readonly sinceVersion: number;
  },
): Promise<ArrivedObservations> {
  const rows = await reader
    .selectFrom("observations")
    .select(["id", "variant", "set_version", "requests", "errors", "latency"])
    .where("id", ">", wanted.after)
    .where("environment", "=", wanted.environment)
    .where("flag", "=", wanted.flag)
    .orderBy("id")
    .execute();
  const variants = rows
    .filter((row) => row.set_version >= wanted.sinceVersion)
    // Parsed by the contract before it was stored.
    .map((row) => ({
      variant: row.variant,
      counts: { requests: row.requests, errors: row.errors, latency: JSON.parse(row.latency) as number[] },
    }));
  return { through: rows.at(-1)?.id ?? wanted.after, variants };
}
