/** What every storage promises, as tests. A new implementation passes by calling this with a way to open one. */
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Storage } from "./storage.ts";

/** Declares the tests inside the caller's `describe`. `open` answers an empty, migrated storage. */
export function describeStorageContract(open: () => Promise<Storage>): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  afterEach(async () => {
    await storage.close();
  });

  const names = async (): Promise<string[]> =>
    (await storage.read.selectFrom("environments").select("name").orderBy("name").execute()).map((row) => row.name);

  it("shows what a transaction wrote once it has resolved", async () => {
    await storage.transact(
      async (writer) => await writer.insertInto("environments").values({ name: "a", created_at_ms: 1 }).execute(),
    );
    expect(await names()).toEqual(["a"]);
  });

  it("lets a transaction read its own writes", async () => {
    const seen = await storage.transact(async (writer) => {
      await writer.insertInto("environments").values({ name: "a", created_at_ms: 1 }).execute();
      return await writer.selectFrom("environments").select("name").execute();
    });
    expect(seen).toEqual([{ name: "a" }]);
  });

  it("keeps nothing of a transaction that threw, and passes the error on", async () => {
    const failing = storage.transact(async (writer) => {
      await writer.insertInto("environments").values({ name: "a", created_at_ms: 1 }).execute();
      throw new Error("changed its mind");
    });
    await expect(failing).rejects.toThrow("changed its mind");
    expect(await names()).toEqual([]);
  });

  it("keeps nothing of a transaction whose statement failed", async () => {
    const failing = storage.transact(async (writer) => {
      await writer.insertInto("environments").values({ name: "a", created_at_ms: 1 }).execute();
      await writer.insertInto("environments").values({ name: "a", created_at_ms: 2 }).execute();
    });
    await expect(failing).rejects.toThrow(/unique/i);
    expect(await names()).toEqual([]);
  });

  it("runs transactions one after the other: none loses what another has read", async () => {
    await storage.transact(
      async (writer) => await writer.insertInto("environments").values({ name: "counter", created_at_ms: 0 }).execute(),
    );
    const increment = async (): Promise<void> =>
      await storage.transact(async (writer) => {
        const row = await writer
          .selectFrom("environments")
          .select("created_at_ms")
          .where("name", "=", "counter")
          .executeTakeFirstOrThrow();
        await Promise.resolve();
        await writer
          .updateTable("environments")
          .set({ created_at_ms: row.created_at_ms + 1 })
          .where("name", "=", "counter")
          .execute();
      });
    await Promise.all(Array.from({ length: 20 }, increment));
    const row = await storage.read.selectFrom("environments").select("created_at_ms").executeTakeFirstOrThrow();
    expect(row.created_at_ms).toBe(20);
  });

  it("goes on after a failed transaction", async () => {
    await storage.transact(async () => await Promise.reject(new Error("no"))).catch(() => undefined);
    await storage.transact(
      async (writer) => await writer.insertInto("environments").values({ name: "b", created_at_ms: 1 }).execute(),
    );
    expect(await names()).toEqual(["b"]);
  });

  it("holds versions beyond 2^50 exactly, as numbers", async () => {
    const version = 2 ** 53 - 1;
    await storage.transact(
      async (writer) => await writer.insertInto("environments").values({ name: "a", created_at_ms: version }).execute(),
    );
    const row = await storage.read.selectFrom("environments").select("created_at_ms").executeTakeFirstOrThrow();
    expect(row.created_at_ms).toBe(version);
  });

  it("counts ids up in the order of the commits", async () => {
    const append = async (topic: string): Promise<void> =>
      await storage.transact(async (writer) => {
        await writer.insertInto("outbox").values({ environment: "a", topic, subject: "" }).execute();
      });
    for (const topic of ["x", "y", "z"]) await append(topic);
    const rows = await storage.read.selectFrom("outbox").select("topic").orderBy("id").execute();
    expect(rows.map((row) => row.topic)).toEqual(["x", "y", "z"]);
  });

  it("refuses a second unfinished rollout of one flag by itself", async () => {
    const rollout = (id: string, attempt: number) => ({
      id,
      environment: "a",
      flag: "f",
      attempt,
      status: "running",
      document: "{}",
      observed_through: 0,
      started_at_ms: 0,
      next_run_at_ms: 0,
      lease_owner: null,
      lease_until_ms: null,
      fence: 0,
    });
    await storage.transact(async (writer) => await writer.insertInto("rollouts").values(rollout("1", 1)).execute());
    await expect(
      storage.transact(async (writer) => await writer.insertInto("rollouts").values(rollout("2", 2)).execute()),
    ).rejects.toThrow(/unique/i);
  });

  it("says that it is writable", async () => {
    expect(await storage.isWritable()).toBe(true);
  });
}
