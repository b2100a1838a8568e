/** The database fails while the server runs: changes are refused, reads and kills go on, and it recovers by itself. */
import { DimmerError } from "@dimmer/spec/errors";
import type { KillStore } from "@dimmer/stores";
import { describe, expect, it } from "vitest";
import { openStream } from "../test/open-stream.ts";
import { canMountDisk, mountSmallDisk } from "../test/small-disk.ts";
import { startPlane, type TestPlane } from "../test/start-plane.ts";
import { openSqliteStorage } from "./storage/sqlite-storage.ts";
import type { Storage } from "./storage/storage.ts";

const streaming = { body: { edits: [{ type: "serve" as const, flag: "ai.streaming.enabled", value: true }] } };

/** A storage whose writes, and reads if asked, can be made to fail. */
async function openBreakableStorage(): Promise<{
  storage: Storage;
  readonly breakWrites: (isBroken: boolean) => void;
}> {
  const storage = await openSqliteStorage();
  let isBroken = false;
  const failing = (): never => {
    throw new DimmerError("storage_unavailable", "The control plane cannot use its database: the disk is full.");
  };
  return {
    storage: {
      read: storage.read,
      transact: async (work) => (isBroken ? failing() : await storage.transact(work)),
      isWritable: async () => !isBroken && (await storage.isWritable()),
      close: async () => await storage.close(),
    },
    breakWrites(value) {
      isBroken = value;
    },
  };
}

/** A kill log on a disk that is gone. */
const brokenKillStore: KillStore = {
  name: "broken",
  isLatched: true,
  readKills: async () => await Promise.reject(new DimmerError("store_unreadable")),
  mergeKills: async () => ({ durable: false }),
  followKills: () => undefined,
};

async function assertDegraded(plane: TestPlane): Promise<void> {
  const before = await plane.call("getFlagSet", {});
  expect(await plane.refuse("applyChangeSet", streaming)).toMatchObject({ status: 503, code: "storage_unavailable" });
  expect(await plane.refuse("enterStage", { body: { stage: "shadow" } })).toMatchObject({
    status: 503,
    code: "storage_unavailable",
  });
  expect(await plane.call("getFlagSet", {})).toEqual(before);
  expect(await plane.call("getStatus", {})).toMatchObject({ isStorageWritable: false, stage: { current: "dark" } });
  const ready = await fetch(`${plane.url}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ ready: false, isStorageWritable: false });
}

describe("a database that takes no writes", () => {
  it("leaves reads and kills working, and the audit entry of a kill is written later", async () => {
    const { storage, breakWrites } = await openBreakableStorage();
    const plane = await startPlane({ storage });
    const stream = await openStream(plane, { topics: "kills" });
    await stream.next("kills");
    breakWrites(true);
    await assertDegraded(plane);
    const { kills, durable } = await plane.call("addKill", { body: { scope: "provider", target: "google" } });
    expect(durable).toBe(true);
    expect((await stream.next("kills")).data.active).toEqual(kills);
    breakWrites(false);
    await expect.poll(async () => (await plane.call("listAudit", {}))[0]?.action, { timeout: 5000 }).toBe("kill-added");
    await plane.call("applyChangeSet", streaming);
    expect((await plane.call("getStatus", {})).isStorageWritable).toBe(true);
  });

  it("and a kill log that is gone as well: the kill still acts, and says that it is not durable", async () => {
    const { storage, breakWrites } = await openBreakableStorage();
    const plane = await startPlane({ storage, openKillStore: () => brokenKillStore });
    breakWrites(true);
    expect(await plane.call("addKill", { body: { scope: "all" } })).toMatchObject({ durable: false });
    expect((await plane.call("getStatus", {})).activeKills).toHaveLength(1);
  });
});

describe.skipIf(!canMountDisk())("a real disk (needs root on Linux to mount one)", () => {
  it("that is full refuses changes, not kills, and everything recovers when there is room", async () => {
    const disk = mountSmallDisk();
    const plane = await startPlane({ directory: disk.path });
    disk.fill();
    await assertDegraded(plane);
    expect(await plane.call("addKill", { body: { scope: "provider", target: "google" } })).toMatchObject({
      durable: false,
    });
    expect((await plane.call("getKills", {})).active).toHaveLength(1);
    disk.free();
    await expect.poll(async () => (await plane.call("getStatus", {})).isStorageWritable, { timeout: 5000 }).toBe(true);
    await plane.call("applyChangeSet", streaming);
    await plane.close();
  });

  it("that is read-only is only read: changes are refused, kills act", async () => {
    const disk = mountSmallDisk();
    const first = await startPlane({ directory: disk.path });
    await first.call("addKill", { body: { scope: "provider", target: "google" } });
    await first.close();
    disk.setReadOnly(true);
    const plane = await startPlane({ directory: disk.path });
    expect(plane.adminToken).toBe(first.adminToken);
    await assertDegraded(plane);
    expect(await plane.call("addKill", { body: { scope: "all" } })).toMatchObject({ durable: false });
    expect((await plane.call("getKills", {})).active).toHaveLength(2);
    await plane.close();
  });

  it("that is read-only and empty cannot be started on", async () => {
    const disk = mountSmallDisk();
    disk.setReadOnly(true);
    await expect(startPlane({ directory: disk.path })).rejects.toMatchObject({ code: "storage_unavailable" });
  });
});
