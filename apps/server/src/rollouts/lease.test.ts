/** Two processes on one database: only one acts on a rollout, and a paused one that wakes up late writes nothing. */
import { startEvidence } from "@dimmer/rollout";
import { plan as planForm } from "@dimmer/spec";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSqliteStorage } from "../storage/sqlite-storage.ts";
import type { Storage } from "../storage/storage.ts";
import { claimDue, insertRollout, updateRollout, type StoredRollout } from "./rollout-table.ts";
import { startAttempt } from "./transitions.ts";

async function openWithRollout(): Promise<Storage> {
  const storage = await openSqliteStorage();
  onTestFinished(async () => await storage.close());
  const plan = planForm.parse({ name: "p", steps: [{ weightPercent: 100, bakeMs: 0 }] });
  const rollout = startAttempt(
    { id: "r", environment: "e", flag: "f", attempt: 1, plan, linkedFlags: [], by: "me", setVersion: 1 },
    { nowMs: 0, reason: "" },
  );
  expect(rollout.evidence).toEqual(startEvidence(plan));
  await storage.transact(async (writer) => await insertRollout(writer, { rollout, observedThrough: 0, fence: 0 }, 0));
  return storage;
}

const claim = async (storage: Storage, owner: string, nowMs: number): Promise<StoredRollout[]> =>
  await storage.transact(async (writer) => await claimDue(writer, { owner, nowMs, leaseMs: 30_000, recheckMs: 1000 }));
const write = async (storage: Storage, stored: StoredRollout, nextRunAtMs: number | null): Promise<boolean> =>
  await storage.transact(async (writer) => await updateRollout(writer, stored, nextRunAtMs));

describe("leases", () => {
  it("are held by one process at a time, until they end", async () => {
    const storage = await openWithRollout();
    expect(await claim(storage, "a", 0)).toHaveLength(1);
    expect(await claim(storage, "b", 29_999)).toHaveLength(0);
    expect(await claim(storage, "b", 30_000)).toHaveLength(1);
  });

  it("end with what was written", async () => {
    const storage = await openWithRollout();
    const [stored] = await claim(storage, "a", 0);
    if (stored === undefined) throw new Error("nothing was due");
    expect(await write(storage, stored, 500)).toBe(true);
    expect(await claim(storage, "b", 499)).toHaveLength(0);
    expect(await claim(storage, "b", 500)).toHaveLength(1);
  });

  it("that were overtaken write nothing", async () => {
    const storage = await openWithRollout();
    const [late] = await claim(storage, "a", 0);
    const [quick] = await claim(storage, "b", 30_000);
    if (late === undefined || quick === undefined) throw new Error("nothing was due");
    expect(await write(storage, late, 0)).toBe(false);
    expect(await write(storage, quick, null)).toBe(true);
    expect(await claim(storage, "a", 1_000_000)).toHaveLength(0);
  });
});
