import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "@dimmer/api-client/testing";
import type { ManualClock } from "@dimmer/api-client/testing";
import { createDimmer } from "@dimmer/sdk";
import type { Dimmer, DimmerOptions } from "@dimmer/sdk";
import type { Flag } from "@dimmer/spec";
import { createMemoryStore } from "@dimmer/stores/testing";
import type { MemoryStore } from "@dimmer/stores/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { booleanFlag, definitionsOf, flagSetOf, killOf } from "../test/fixtures.ts";

let directory: string;
let clock: ManualClock;
let store: MemoryStore;
let open: Dimmer[];
beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), "dimmer-sdk-")), "state");
  clock = createManualClock();
  store = createMemoryStore("control-plane", flagSetOf(5, { a: booleanFlag("on") }));
  open = [];
});
afterEach(async () => {
  await Promise.all(open.map((dimmer) => dimmer.close()));
  await rm(join(directory, ".."), { recursive: true, force: true });
});

const start = (options: Partial<DimmerOptions> = {}): Dimmer => {
  let ids = 0;
  const dimmer = createDimmer({ stores: [store], directory, clock, ids: () => `id-${(ids += 1)}`, ...options });
  open.push(dimmer);
  return dimmer;
};
/** A process that learnt what the store says, and ended. */
const live = async (options: Partial<DimmerOptions> = {}): Promise<void> => start(options).close();
const snapshotFile = (): string => join(directory, "flags-control-plane.json");
const down = (): MemoryStore => {
  const broken = createMemoryStore("control-plane");
  broken.breakDown();
  return broken;
};

describe("a process whose stores are down when it starts", () => {
  test("answers from the disk snapshot at once, and says where from and how old it is", async () => {
    await live();
    clock.advance(120_000);
    const dimmer = start({ stores: [down()] });
    expect(dimmer.details("a", false)).toMatchObject({
      value: true,
      source: "control-plane",
      version: 5,
      ageMs: 120_000,
      isStale: true,
    });
    expect(await dimmer.ready()).toMatchObject({
      isReady: true,
      isStale: true,
      stores: [{ state: "restored", setId: "set-1", version: 5 }],
    });
  });

  test("knows how lately the snapshot was confirmed, not only when it was written", async () => {
    const first = start();
    clock.advance(300_000);
    store.confirm();
    await first.close();
    clock.advance(1000);
    expect(start({ stores: [down()] }).details("a", false)).toMatchObject({ value: true, ageMs: 1000, isStale: false });
  });

  test("compiles nothing anew when its store then says what the snapshot held", async () => {
    const settings: Flag = { state: "ENABLED", variants: { a: { model: "m" } }, defaultVariant: "a" };
    const text = JSON.stringify(flagSetOf(6, { settings }));
    store.put(JSON.parse(text));
    await live();
    const late = createMemoryStore("control-plane");
    late.breakDown();
    const dimmer = start({ stores: [late] });
    const restored = dimmer.object("settings", {});
    late.put(JSON.parse(text));
    late.repair();
    expect(dimmer.status().stores).toMatchObject([{ state: "live", version: 6 }]);
    // An answer's object is made when it is compiled.
    expect(dimmer.object("settings", {})).toBe(restored);
    late.put(flagSetOf(7, { settings }));
    expect(dimmer.status().stores).toMatchObject([{ state: "live", version: 7 }]);
  });

  test("answers with the definitions' safe variants when it has no snapshot", () => {
    const dimmer = start({
      stores: [down()],
      definitions: definitionsOf({ a: booleanFlag("on", { safeVariant: "off" }) }),
    });
    expect(dimmer.details("a", true)).toMatchObject({ value: false, source: "definitions" });
    expect(dimmer.status()).toMatchObject({ isReady: false, durable: true });
  });

  test("goes over to the store when that is back, and is fresh", async () => {
    await live();
    clock.advance(120_000);
    const late = down();
    const dimmer = start({ stores: [late] });
    const fresh = vi.fn<() => void>();
    dimmer.on("fresh", fresh);
    late.put(flagSetOf(6, { a: booleanFlag("off") }));
    late.repair();
    expect(dimmer.details("a", true)).toMatchObject({ value: false, version: 6, ageMs: 0, isStale: false });
    expect(fresh).toHaveBeenCalledTimes(1);
    expect(dimmer.status()).toMatchObject({ stores: [{ state: "live" }], faults: [] });
  });

  test("restores each store for itself, in their order", async () => {
    const file = createMemoryStore("file", definitionsOf({ a: booleanFlag("off") }));
    await live({ stores: [file, store] });
    expect((await readdir(directory)).toSorted()).toEqual(["flags-control-plane.json", "flags-file.json"]);
    const dimmer = start({ stores: [createMemoryStore("file"), down()] });
    expect(dimmer.details("a", true)).toMatchObject({ value: false, source: "file" });
  });
});

describe("across a restart", () => {
  test("versions do not go back", async () => {
    await live();
    const dimmer = start({ stores: [createMemoryStore("control-plane", flagSetOf(4, { a: booleanFlag("off") }))] });
    expect(dimmer.details("a", false)).toMatchObject({ value: true, version: 5 });
    expect(dimmer.status().faults).toMatchObject([{ code: "version_went_back" }]);
  });

  test("another set is refused until its id is written into the accept file", async () => {
    await live();
    const other = createMemoryStore("control-plane", flagSetOf(1, { a: booleanFlag("off") }, { setId: "set-2" }));
    const dimmer = start({ stores: [other] });
    const path = join(directory, "accept-set-id");
    expect(dimmer.boolean("a", false)).toBe(true);
    expect(dimmer.status().faults).toMatchObject([
      {
        code: "set_id_changed",
        fix: `To follow the new set, write set-2 into ${path}, or start this process with acceptSetId 'set-2'.`,
      },
    ]);
    await writeFile(path, "set-2\n");
    clock.advance(5000);
    await vi.waitFor(() => expect(dimmer.details("a", true)).toMatchObject({ value: false, version: 1 }));
    expect(dimmer.status().faults).toEqual([]);
    await dimmer.close();
    expect(start({ stores: [down()] }).details("a", true)).toMatchObject({ value: false, version: 1 });
  });

  test("a process that is behind another of the same folder does not put its older set in place", async () => {
    const behind = start();
    await vi.waitFor(async () => expect(await readFile(snapshotFile(), "utf8")).toContain('"version":5'));
    await live({ stores: [createMemoryStore("control-plane", flagSetOf(7, { a: booleanFlag("off") }))] });
    store.put(flagSetOf(6, { a: booleanFlag("on") }));
    await behind.close();
    expect(start({ stores: [down()] }).details("a", true)).toMatchObject({ value: false, version: 7 });
  });

  test("a file without a version keeps the version its content had", async () => {
    const document = definitionsOf({ a: booleanFlag("on") });
    const file = (modifiedAtMs: number): MemoryStore => {
      const memory = createMemoryStore("file");
      memory.put(document, modifiedAtMs);
      return memory;
    };
    await live({ stores: [file(1000)] });
    expect(start({ stores: [file(500)] }).status().version).toBe(1000 * 1024);
  });
});

describe("a snapshot that cannot be used", () => {
  test.each<[string, (text: string) => string, string]>([
    ["is cut off", (text) => text.slice(0, -20), "its checksum is wrong"],
    ["is empty", () => "", "it has no checksum"],
    ["was changed by hand", (text) => text.replace('"on":true', '"on":false'), "its checksum is wrong"],
    ["has another format", (text) => text.replace('"format":1', '"format":2'), "its format is 2, not 1"],
  ])("because it %s is passed over, told of, and written anew", async (_, spoil, reason) => {
    await live();
    await writeFile(snapshotFile(), spoil(await readFile(snapshotFile(), "utf8")));
    const late = down();
    const dimmer = start({ stores: [late] });
    expect(dimmer.details("a", false).source).toBe("default");
    expect(dimmer.status()).toMatchObject({ durable: false });
    expect(dimmer.status().faults.map((fault) => fault.message)).toContain(
      `The disk snapshot ${snapshotFile()} is not used: ${reason}.`,
    );
    late.put(flagSetOf(6, { a: booleanFlag("on") }));
    late.repair();
    await vi.waitFor(() => expect(dimmer.status()).toMatchObject({ durable: true, faults: [] }));
    await dimmer.close();
    expect(start({ stores: [down()] }).details("a", false)).toMatchObject({ value: true, version: 6 });
  });
});

describe("a folder that cannot be written", () => {
  test("harms no answer and no kill, and is told of", async () => {
    // A file where the folder should be: nobody can write there, root neither.
    await writeFile(directory, "");
    const dimmer = start();
    expect(dimmer.boolean("a", false)).toBe(true);
    expect(await dimmer.kill({ scope: "provider", target: "google" })).toMatchObject({ durable: false });
    expect(dimmer.isKilled("provider", "google")).toBe(true);
    expect(dimmer.status()).toMatchObject({ isReady: true, durable: false });
    const sources = dimmer.status().faults.map((fault) => `${fault.source} ${fault.code}`);
    expect(new Set(sources)).toEqual(new Set(["directory store_unwritable", "directory store_unreadable"]));
  });

  test.skipIf(process.platform === "win32" || process.getuid?.() === 0)(
    "because it is read-only still lets the process start from it",
    async () => {
      await live();
      await chmod(directory, 0o500);
      const dimmer = start({ stores: [down()] });
      expect(dimmer.boolean("a", false)).toBe(true);
      expect(dimmer.status().durable).toBe(false);
      await chmod(directory, 0o700);
    },
  );

  test("that can be written again holds what it has missed", async () => {
    await writeFile(directory, "");
    const dimmer = start({ killStores: [store] });
    store.putKills({ kills: [killOf("k", "provider", "google")], revives: [] }, 1);
    await vi.waitFor(() =>
      expect(
        dimmer
          .status()
          .faults.map((fault) => fault.message)
          .join(),
      ).toContain("The kill latch cannot be written."),
    );
    await rm(directory);
    await mkdir(directory);
    await vi.waitFor(async () => {
      clock.advance(1000);
      expect(await readFile(join(directory, "kills.jsonl"), "utf8")).toContain('"id":"k"');
    });
  });
});

test("without a folder nothing is written and nothing is durable", async () => {
  const dimmer = createDimmer({ stores: [store], clock });
  open.push(dimmer);
  expect(await dimmer.kill({ scope: "all" })).toMatchObject({ durable: false, acceptedBy: [] });
  expect(dimmer.status()).toMatchObject({ durable: false, faults: [] });
});
