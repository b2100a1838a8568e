import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryDirectory } from "../../test/start-plane.ts";
import { openSqliteStorage } from "./sqlite-storage.ts";
import { describeStorageContract } from "./storage-contract.ts";

describe("SQLite in a file", () => {
  describeStorageContract(async () => await openSqliteStorage({ directory: temporaryDirectory() }));

  it("reads the last commit while a transaction is open", async () => {
    const storage = await openSqliteStorage({ directory: temporaryDirectory() });
    const seen = await storage.transact(async (writer) => {
      await writer.insertInto("environments").values({ name: "a", created_at_ms: 1 }).execute();
      return await storage.read.selectFrom("environments").selectAll().execute();
    });
    expect(seen).toEqual([]);
    await storage.close();
  });

  it("survives being opened again", async () => {
    const directory = temporaryDirectory();
    const first = await openSqliteStorage({ directory });
    await first.transact(
      async (writer) => await writer.insertInto("environments").values({ name: "a", created_at_ms: 1 }).execute(),
    );
    await first.close();
    const second = await openSqliteStorage({ directory });
    expect(await second.read.selectFrom("environments").select("name").execute()).toEqual([{ name: "a" }]);
    await second.close();
  });

  it("refuses a folder that is open elsewhere, and takes it once that is closed", async () => {
    const directory = temporaryDirectory();
    const first = await openSqliteStorage({ directory });
    await expect(openSqliteStorage({ directory })).rejects.toMatchObject({ code: "storage_locked" });
    await first.close();
    await (await openSqliteStorage({ directory })).close();
  });

  it("takes a folder whose owner was killed without warning", async () => {
    const directory = temporaryDirectory();
    const script = `
      const { openSqliteStorage } = await import(${JSON.stringify(join(import.meta.dirname, "sqlite-storage.ts"))});
      await openSqliteStorage({ directory: ${JSON.stringify(directory)} });
      process.kill(process.pid, "SIGKILL");`;
    const child = spawnSync(process.execPath, ["--input-type=module", "--eval", script]);
    expect(child.signal).toBe("SIGKILL");
    await (await openSqliteStorage({ directory })).close();
  });

  it("says storage_unavailable for a file that is no database", async () => {
    const directory = temporaryDirectory();
    writeFileSync(
      join(directory, "dimmer.db"),
      "this is no database at all, but it is long enough to look like a file",
    );
    const refused = openSqliteStorage({ directory });
    await expect(refused).rejects.toMatchObject({ code: "storage_unavailable" });
    await expect(refused).rejects.toThrow(
      `${directory}: the file is not a database. Restore a backup, or move the file`,
    );
  });

  it("refuses a database of a newer Dimmer", async () => {
    const directory = temporaryDirectory();
    const storage = await openSqliteStorage({ directory });
    await storage.transact(
      async (writer) =>
        await writer
          .updateTable("schema_version" as "environments")
          .set({ version: 999 } as never)
          .execute(),
    );
    await storage.close();
    await expect(openSqliteStorage({ directory })).rejects.toMatchObject({
      code: "storage_unavailable",
      message: expect.stringContaining("999") as string,
    });
  });
});

describe("SQLite in memory", () => {
  describeStorageContract(async () => await openSqliteStorage());
});
