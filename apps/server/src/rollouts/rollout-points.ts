/** A rollout's history for charts: counts of both arms over time, as coarse as its age allows, so that it stays small. */
import type { ArmCounts, RolloutPoint } from "@dimmer/spec";
import { latencyEdgesMs, quantileMs } from "@dimmer/spec/latency-buckets";
import { toIso } from "../clock.ts";
import type { Reader, Writer } from "../storage/storage.ts";
import { addArms } from "./arm-counts.ts";

/** Points are at least this far apart. */
const finestMs = 1000;
/** A rollout's age is divided by this for the distance of its points: their number grows with the logarithm of the age. */
const pointsPerAge = 100;

/** What arrived for a rollout since the last look. */
export interface PointCounts {
  readonly rollout: string;
  readonly startedAtMs: number;
  readonly weightPercent: number;
  readonly canary: ArmCounts;
  readonly baseline: ArmCounts;
}

/** Adds counts to the newest point, or begins another one. */
export async function addPoint(writer: Writer, counts: PointCounts, nowMs: number): Promise<void> {
  const { rollout, weightPercent } = counts;
  const last = await writer
    .selectFrom("rollout_points")
    .selectAll()
    .where("rollout", "=", rollout)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  const spacingMs = Math.max(finestMs, (nowMs - counts.startedAtMs) / pointsPerAge);
  if (last !== undefined && last.weight_percent === weightPercent && nowMs - last.at_ms < spacingMs) {
    const canary = JSON.stringify(addArms(parseArm(last.canary), counts.canary));
    const baseline = JSON.stringify(addArms(parseArm(last.baseline), counts.baseline));
    await writer.updateTable("rollout_points").set({ canary, baseline }).where("id", "=", last.id).execute();
    return;
  }
  await writer
    .insertInto("rollout_points")
    .values({
      rollout,
      at_ms: nowMs,
      weight_percent: weightPercent,
      canary: JSON.stringify(counts.canary),
      baseline: JSON.stringify(counts.baseline),
    })
    .execute();
}

/** All points, oldest first. */
export async function readPoints(reader: Reader, rollout: string): Promise<RolloutPoint[]> {
  const rows = await reader
    .selectFrom("rollout_points")
    .selectAll()
    .where("rollout", "=", rollout)
    .orderBy("id")
    .execute();
  return rows.map((row) => ({
    at: toIso(row.at_ms),
    weightPercent: row.weight_percent,
    canary: toShown(parseArm(row.canary)),
    baseline: toShown(parseArm(row.baseline)),
  }));
}

function parseArm(text: string): ArmCounts {
  // Written by this file only.
  return JSON.parse(text) as ArmCounts;
}

function toShown(arm: ArmCounts): RolloutPoint["canary"] {
  const shown: RolloutPoint["canary"] = { requests: arm.requests, errors: arm.errors };
  const p95Ms = quantileMs(arm.latency, 0.95);
  // JSON has no infinity: slower than the last edge is shown as the last edge.
  if (p95Ms !== undefined) shown.p95Ms = Number.isFinite(p95Ms) ? p95Ms : (latencyEdgesMs.at(-1) ?? 0);
  return shown;
}
