import { renameSync, statSync, writeFileSync } from "node:fs";
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, stat, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "@dimmer/api-client/testing";
import type { ManualClock } from "@dimmer/api-client/testing";
import type { Kill, KillSet, Revive } from "@dimmer/spec";
import { describeKillStore } from "@dimmer/stores/contract";
import { createKillFile } from "@dimmer/stores/file";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

let folder: string;
let path: string;
let clock: ManualClock;
let ended: AbortController;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dimmer-kill-file-"));
  path = join(folder, "kills.jsonl");
  clock = createManualClock();
  ended = new AbortController();
});
afterEach(async () => {
  ended.abort();
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

const kill = (id: string, expiresAt?: string): Kill => ({
  id,
  scope: "model",
  target: "m",
  by: "me",
  reason: "",
  at: "2026-01-01T00:00:00Z",
  ...(expiresAt === undefined ? {} : { expiresAt }),
});
const revive = (id: string, at: string, ...killIds: string[]): Revive => ({ id, killIds, by: "me", reason: "", at });
const kills = (...ids: string[]): KillSet => ({ kills: ids.map((id) => kill(id)), revives: [] });
const idsIn = async (file = path): Promise<string[]> =>
  (await createKillFile({ path: file, clock }).readKills(ended.signal)).kills.map((record) => record.id);
// A folder where the file should be: unreadable and unwritable for every user, root too.
const block = async (): Promise<void> => {
  for (;;) {
    await rm(path, { force: true });
    try {
      return await mkdir(path);
    } catch {
      // A follower has written the file again meanwhile, as it should.
    }
  }
};

describeKillStore("a kill file", async () => ({
  store: createKillFile({ path, clock }),
  other: createKillFile({ path, clock }),
  breakDown: block,
  repair: () => rm(path, { recursive: true }),
  tick: () => clock.advance(500),
  dispose: () => undefined,
}));

describe("a file that others leave in disorder", () => {
  test("keeps what stands before and after a line that was cut off", async () => {
    await createKillFile({ path, clock }).mergeKills(kills("a"));
    await appendFile(path, '{"kill":{"id":"half","sco');
    expect(await idsIn()).toEqual(["a"]);
    await createKillFile({ path, clock }).mergeKills(kills("b"));
    expect(await idsIn()).toEqual(["a", "b"]);
  });

  test("a last line without its line feed counts when it is whole", async () => {
    await writeFile(path, JSON.stringify({ kill: kill("a") }));
    expect(await idsIn()).toEqual(["a"]);
    await createKillFile({ path, clock }).mergeKills(kills("b"));
    expect(await idsIn()).toEqual(["a", "b"]);
  });

  test("tells of lines it does not understand, acts on all others, and keeps them", async () => {
    const newer = '{"kill":{"id":"n","scope":"region","target":"eu","by":"","reason":"","at":"2031-01-01T00:00:00Z"}}';
    await writeFile(
      path,
      `${newer}\n${JSON.stringify({ kill: kill("a") })}\n${JSON.stringify({ kill: kill("gone", "2025-01-01T00:00:00Z") })}\n`,
    );
    const failed = vi.fn<(error: Error) => void>();
    const changed = vi.fn<(set: KillSet) => void>();
    const file = createKillFile({ path, clock });
    file.followKills({ changed, failed, alive: () => undefined }, ended.signal);
    await vi.waitFor(() => expect(failed).toHaveBeenCalled());
    expect(failed.mock.calls[0]?.[0].message).toContain(`${path} holds lines that are no kill and no revive: 1.`);
    expect(changed.mock.calls[0]?.[0].kills.map((record) => record.id)).toEqual(["a", "gone"]);
    await file.compact();
    expect(await readFile(path, "utf8")).toBe(`${newer}\n${JSON.stringify({ kill: kill("a") })}\n`);
  });

  test("is written again when somebody removes it", async () => {
    const file = createKillFile({ path, clock });
    const alive = vi.fn<() => void>();
    await file.mergeKills(kills("a"));
    await unlink(path);
    file.followKills({ changed: () => undefined, failed: () => undefined, alive }, ended.signal);
    await vi.waitFor(async () => {
      clock.advance(1000);
      expect(await idsIn()).toEqual(["a"]);
    });
    await unlink(path);
    expect(await file.mergeKills(kills("b"))).toEqual({ durable: true });
    expect(await idsIn()).toEqual(["a", "b"]);
  });
});

test("a record is written again to a file that took the place of the one it was written to", async () => {
  const merged = createKillFile({ path, clock }).mergeKills(kills("a"));
  // The line is written, and not yet known to be safe.
  while ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0)
    await new Promise((resolve) => setImmediate(resolve));
  writeFileSync(`${path}.new`, `${JSON.stringify({ kill: kill("b") })}\n`);
  renameSync(`${path}.new`, path);
  expect(await merged).toEqual({ durable: true });
  expect(await idsIn()).toEqual(["b", "a"]);
});

describe("a disk that cannot be written", () => {
  test("is not durable; the kill is written when it can be, by the next look alone", async () => {
    await block();
    const file = createKillFile({ path, clock });
    expect(await file.mergeKills(kills("a"))).toEqual({ durable: false });
    file.followKills({ changed: () => undefined, failed: () => undefined, alive: () => undefined }, ended.signal);
    await rm(path, { recursive: true });
    await vi.waitFor(async () => {
      clock.advance(1000);
      expect(await idsIn()).toEqual(["a"]);
    });
  });

  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "because its folder is read-only is not durable either",
    async () => {
      await chmod(folder, 0o500);
      expect(await createKillFile({ path, clock }).mergeKills(kills("a"))).toEqual({ durable: false });
    },
  );
});

test("the file is its owner's alone, in a folder made for it", async () => {
  const deep = join(folder, "new", "kills.jsonl");
  await createKillFile({ path: deep, clock }).mergeKills(kills("a"));
  expect((await stat(deep)).mode & 0o777).toBe(0o600);
});

describe("reading without waiting", () => {
  test("answers what the file holds; nothing when there is none", async () => {
    expect(createKillFile({ path, clock }).readKillsSync()).toEqual({ killSet: { kills: [], revives: [] } });
    await createKillFile({ path, clock }).mergeKills(kills("a"));
    expect(createKillFile({ path, clock }).readKillsSync()).toEqual({ killSet: kills("a") });
  });

  test("says why it cannot read", async () => {
    await block();
    const { killSet, fault } = createKillFile({ path, clock }).readKillsSync();
    expect(killSet.kills).toEqual([]);
    expect(fault).toMatchObject({ code: "store_unreadable", message: expect.stringContaining(path) });
  });
});

describe("a compaction", () => {
  const past = "2025-12-31T00:00:00Z";

  test("drops what can no longer matter and nothing else", async () => {
    const file = createKillFile({ path, clock });
    await file.mergeKills({
      kills: [kill("a"), kill("expired", past), kill("revived long ago"), kill("revived")],
      revives: [revive("r1", "2025-01-01T00:00:00Z", "revived long ago"), revive("r2", past, "revived")],
    });
    await appendFile(path, `${JSON.stringify({ kill: kill("expired", past) })}\n`);
    await file.compact();
    expect(await readFile(path, "utf8")).toBe(
      [{ kill: kill("a") }, { kill: kill("revived") }, { revive: revive("r2", past, "revived") }]
        .map((line) => `${JSON.stringify(line)}\n`)
        .join(""),
    );
    // What was dropped is not written again by somebody who still remembers it.
    await file.mergeKills(kills("b"));
    expect(await idsIn()).toEqual(["a", "revived", "b"]);
  });

  test("that would save nothing leaves the file alone", async () => {
    const file = createKillFile({ path, clock });
    await file.compact();
    await file.mergeKills(kills("a"));
    const { ino } = await stat(path);
    await file.compact();
    expect((await stat(path)).ino).toBe(ino);
  });

  test("that was cut off is brought to its end: both files are read, then united", async () => {
    await writeFile(`${path}.old`, `${JSON.stringify({ kill: kill("late") })}\n{"kill":{"id":"cut`);
    await writeFile(path, `${JSON.stringify({ kill: kill("a") })}\n${JSON.stringify({ kill: kill("x", past) })}\n`);
    expect(
      createKillFile({ path, clock })
        .readKillsSync()
        .killSet.kills.map((record) => record.id),
    ).toEqual(["late", "a", "x"]);
    expect(await idsIn()).toEqual(["late", "a", "x"]);
    await createKillFile({ path, clock }).compact();
    await expect(stat(`${path}.old`)).rejects.toThrow("ENOENT");
    expect(await idsIn()).toEqual(["a", "late"]);
  });

  test("leaves the file to somebody who is compacting, but not to the dead", async () => {
    const file = createKillFile({ path, clock });
    await file.mergeKills({ kills: [kill("x", past)], revives: [] });
    await appendFile(path, `${JSON.stringify({ kill: kill("x", past) })}\n`);
    await writeFile(`${path}.compacting`, "");
    const { mtimeMs } = await stat(`${path}.compacting`);
    clock.jumpTo(mtimeMs + 1000);
    await file.compact();
    expect((await stat(path)).size).toBeGreaterThan(0);
    clock.jumpTo(mtimeMs + 61_000);
    await file.compact();
    await file.compact();
    expect((await stat(path)).size).toBe(0);
  });

  test("beside writers of other processes loses nothing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom("write", "compact"), { minLength: 4, maxLength: 12 }),
        fc.nat(),
        async (works, run) => {
          const file = join(folder, `run-${run}-${clock.nowMs()}.jsonl`);
          clock.advance(1);
          const expired = { kills: Array.from({ length: 5 }, (_, index) => kill(`x${index}`, past)), revives: [] };
          await writeFile(file, expired.kills.map((record) => `${JSON.stringify({ kill: record })}\n`).join(""));
          // Each work is a process of its own that knows nothing of the others; all at the same time.
          await Promise.all(
            works.map((work, index) => {
              const process = createKillFile({ path: file, clock });
              return work === "compact" ? process.compact() : process.mergeKills(kills(`k${index}`));
            }),
          );
          const expected = works.flatMap((work, index) => (work === "write" ? [`k${index}`] : []));
          expect((await idsIn(file)).filter((id) => id.startsWith("k")).toSorted()).toEqual(expected.toSorted());
        },
      ),
      { numRuns: 40 },
    );
  });
});
