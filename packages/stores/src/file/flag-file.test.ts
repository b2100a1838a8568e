import { mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "@dimmer/api-client/testing";
import type { ManualClock } from "@dimmer/api-client/testing";
import type { FlagDefinitions } from "@dimmer/spec";
import type { Reading, StoreReader, StoreWriter } from "@dimmer/stores";
import { describeStoreReader, describeStoreWriter } from "@dimmer/stores/contract";
import type { WriterHarness } from "@dimmer/stores/contract";
import { createFlagFile } from "@dimmer/stores/file";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

let folder: string;
let clock: ManualClock;
let ended: AbortController;
let told: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dimmer-flag-file-"));
  clock = createManualClock();
  ended = new AbortController();
  told = [];
});
afterEach(async () => {
  ended.abort();
  await rm(folder, { recursive: true, force: true });
});

const create = (file: string, format: (definitions: FlagDefinitions) => string) => async (): Promise<WriterHarness> => {
  const path = join(folder, file);
  return {
    store: createFlagFile({ path, clock }),
    put: (definitions) => writeFile(path, format(definitions)),
    breakDown: () => rm(path),
    repair: () => writeFile(path, "{}"),
    tick: () => clock.advance(1000),
    dispose: () => undefined,
  };
};
const json = create("flags.json", (definitions) => JSON.stringify(definitions, undefined, 2));
const yaml = create(
  "flags.yaml",
  ({ flags }) =>
    `flags: # written by hand\n  ${Object.entries(flags)
      .map(([key, flag]) => `${key}: ${JSON.stringify(flag)}`)
      .join("\n  ")}\n`,
);
describeStoreReader("a JSON file", json);
describeStoreReader("a YAML file", yaml);
describeStoreWriter("a JSON file", json);
describeStoreWriter("a YAML file", yaml);

const follow = (path: string, options: { pollIntervalMs?: number } = {}): StoreReader => {
  const store = createFlagFile({ path, clock, ...options });
  store.follow(
    {
      changed: (reading) => told.push(JSON.stringify(reading.document)),
      failed: (error) => told.push(error.message),
      alive: () => undefined,
    },
    ended.signal,
  );
  return store;
};
const until = (condition: () => void): Promise<void> =>
  vi.waitFor(
    () => {
      clock.advance(60);
      condition();
    },
    { interval: 5, timeout: 5000 },
  );

describe("a file that is being edited", () => {
  let path: string;
  beforeEach(async () => {
    path = join(folder, "flags.json");
    await writeFile(path, '{"v":1}');
    follow(path);
    await until(() => expect(told).toEqual(['{"v":1}']));
  });

  test("is seen when another file is renamed over it", async () => {
    await writeFile(join(folder, "new"), '{"v":2}');
    await rename(join(folder, "new"), path);
    await until(() => expect(told).toEqual(['{"v":1}', '{"v":2}']));
  });

  test("is not read while it is empty for a moment", async () => {
    await truncate(path);
    await new Promise((resolve) => setImmediate(resolve));
    await writeFile(path, '{"v":2}');
    await until(() => expect(told).toEqual(['{"v":1}', '{"v":2}']));
  });

  test("is not missed while it is missing for a moment", async () => {
    await unlink(path);
    await new Promise((resolve) => setImmediate(resolve));
    await writeFile(path, '{"v":2}');
    await until(() => expect(told).toEqual(['{"v":1}', '{"v":2}']));
  });

  test("is a fault with file, line and column when it is not JSON, once, and again good when it is repaired", async () => {
    await writeFile(path, '{\n  "v": 2,\n}');
    const fault = `${path}:3:1 is not JSON: a key in double quotes is expected here. The flag set in force stays.`;
    await until(() => expect(told).toEqual(['{"v":1}', fault]));
    for (let look = 0; look < 5; look += 1) await until(() => undefined);
    expect(told).toHaveLength(2);
    await writeFile(path, '{"v":1}');
    await until(() => expect(told).toEqual(['{"v":1}', fault, '{"v":1}']));
  });

  test("is not told again when only its time has changed", async () => {
    const alive = vi.fn<() => void>();
    createFlagFile({ path, clock }).follow({ changed: () => undefined, failed: () => undefined, alive }, ended.signal);
    await until(() => expect(alive).toHaveBeenCalled());
    await writeFile(path, '{"v":1}');
    const before = alive.mock.calls.length;
    await until(() => expect(alive.mock.calls.length).toBeGreaterThan(before + 2));
    expect(told).toEqual(['{"v":1}']);
  });

  test("that goes away is a fault, told until it is back", async () => {
    await unlink(path);
    await until(() => expect(told[1]).toBe(`The flag file ${path} cannot be read: it does not exist.`));
  });
});

test("a symlink that is swapped beside it, as Kubernetes does, is a change", async () => {
  for (const version of ["1", "2"]) {
    await mkdir(join(folder, `..${version}`));
    await writeFile(join(folder, `..${version}`, "flags.json"), `{"v":${version}}`);
  }
  await symlink("..1", join(folder, "..data"));
  await symlink(join("..data", "flags.json"), join(folder, "flags.json"));
  follow(join(folder, "flags.json"));
  await until(() => expect(told).toEqual(['{"v":1}']));
  await symlink("..2", join(folder, "..data_tmp"));
  await rename(join(folder, "..data_tmp"), join(folder, "..data"));
  await until(() => expect(told).toEqual(['{"v":1}', '{"v":2}']));
});

test("the folder's watcher alone is enough, without the poll", async () => {
  const path = join(folder, "flags.json");
  await writeFile(path, '{"v":1}');
  const changed = vi.fn<(reading: Reading) => void>();
  createFlagFile({ path, pollIntervalMs: 2 ** 30 }).follow(
    { changed, failed: () => undefined, alive: () => undefined },
    ended.signal,
  );
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
  await writeFile(path, '{"v":2}');
  await vi.waitFor(() => expect(changed.mock.calls.at(-1)?.[0].document).toEqual({ v: 2 }), { timeout: 5000 });
});

test("a folder that does not exist yet is looked for until it does", async () => {
  const path = join(folder, "later", "flags.json");
  follow(path);
  await until(() => expect(told[0]).toContain("it does not exist"));
  await mkdir(join(folder, "later"));
  await writeFile(path, '{"v":1}');
  await until(() => expect(told.at(-1)).toBe('{"v":1}'));
});

describe("a reading", () => {
  const read = (path: string): Promise<Reading> => createFlagFile({ path, clock }).read(ended.signal);

  test("of JSON says where a pointer leads", async () => {
    const path = join(folder, "flags.json");
    await writeFile(path, '\uFEFF{"flags":\n  {"x": {}}}');
    const reading = await read(path);
    expect(reading.document).toEqual({ flags: { x: {} } });
    expect(reading.locate?.("/flags/x/variants")).toEqual({ line: 2, column: 9 });
  });

  test("of YAML says where a pointer leads, and knows anchors", async () => {
    const path = join(folder, "flags.yml");
    await writeFile(path, "flags:\n  # the first\n  x: &x\n    state: ENABLED\n  y: *x\n");
    const reading = await read(path);
    expect(reading.document).toEqual({ flags: { x: { state: "ENABLED" }, y: { state: "ENABLED" } } });
    expect(reading.locate?.("/flags/x/state")).toEqual({ line: 4, column: 12 });
  });

  test.each([
    ["flags:\n  x: 1\n  x: 2\n", "3:3", "Map keys must be unique"],
    ["flags:\n\tx: 1\n", "2:1", "Tabs are not allowed"],
    ["a: [1\n", "2:1", "Flow sequence"],
    [
      `a: &a [x, x, x, x, x, x, x, x, x]\n${["b", "c", "d"].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abc"[at]}`).join(", ")}]`).join("\n")}\n`,
      "1:1",
      "Excessive alias count",
    ],
  ])("of the YAML %j is refused at %s", async (text, place, message) => {
    const path = join(folder, "flags.yaml");
    await writeFile(path, text);
    await expect(read(path)).rejects.toThrow(`${path}:${place} is not YAML: `);
    await expect(read(path)).rejects.toThrow(message);
  });
});

describe("edits", () => {
  const write = async (name: string, text: string): Promise<StoreReader & StoreWriter & { path: string }> => {
    const path = join(folder, name);
    await writeFile(path, text);
    return { ...createFlagFile({ path, clock }), path };
  };
  const flag = (text = ""): string =>
    `{"state":"ENABLED","variants":{"on":true,"off":false},"defaultVariant":"off"${text}}`;

  test("of YAML leave the comments of everything else", async () => {
    const file = await write("flags.yaml", `# ours\nflags:\n  a: ${flag()} # first\n  b: ${flag()} # second\n`);
    await file.apply({
      edits: [
        { type: "serve", flag: "b", value: true },
        { type: "remove", flag: "a" },
      ],
    });
    expect(await readFile(file.path, "utf8")).toBe(
      "# ours\nflags:\n  b:\n    state: ENABLED\n    variants:\n      on: true\n      off: false\n    defaultVariant: on\n",
    );
  });

  test("of JSON keep its indentation and its other members", async () => {
    const file = await write("flags.json", `{\n    "metadata": {"team": "x"},\n    "flags": {"a": ${flag()}}\n}\n`);
    const result = await file.apply({
      edits: [{ type: "expose", flag: "a", strategy: { type: "percentage", percentage: 5 } }],
    });
    const text = await readFile(file.path, "utf8");
    expect(text).toContain('\n    "metadata": {\n        "team": "x"');
    expect(JSON.parse(text).flags.a.strategy).toEqual({ type: "percentage", percentage: 5 });
    await expect(
      file.apply({ edits: [{ type: "remove", flag: "a" }], ifVersion: result.version + 1 }),
    ).rejects.toMatchObject({ code: "flag_set_conflict" });
    expect((await file.apply({ edits: [{ type: "remove", flag: "a" }], ifVersion: result.version })).changed).toEqual([
      "a",
    ]);
  });

  test("that change nothing write nothing", async () => {
    const text = `{"flags":{"a":${flag()}}}`;
    const file = await write("flags.json", text);
    expect((await file.apply({ edits: [{ type: "serve", flag: "a", value: false }] })).changed).toEqual([]);
    expect(await readFile(file.path, "utf8")).toBe(text);
  });

  test("go through a symlink", async () => {
    const file = await write("real.json", `{"flags":{"a":${flag()}}}`);
    await symlink("real.json", join(folder, "link.json"));
    await createFlagFile({ path: join(folder, "link.json"), clock }).apply({ edits: [{ type: "remove", flag: "a" }] });
    expect(JSON.parse(await readFile(file.path, "utf8"))).toEqual({ flags: {} });
  });

  test.each([
    ["an unknown flag", `{"flags":{}}`, { type: "serve", flag: "a", value: true }, "flag_not_found"],
    [
      "a value of no variant",
      `{"flags":{"a":${flag()}}}`,
      { type: "serve", flag: "a", value: "on" },
      "flag_type_mismatch",
    ],
    ["a locked flag", `{"flags":{"a":${flag(',"locked":"for good"')}}}`, { type: "remove", flag: "a" }, "flag_locked"],
    ["a file in the short form", `{"a":{"enabled":true}}`, { type: "remove", flag: "a" }, "invalid_request"],
    ["a control plane's set", `{"version":3,"flags":{}}`, { type: "remove", flag: "a" }, "invalid_request"],
    ["a file that is no JSON", `{"flags":`, { type: "remove", flag: "a" }, "flag_set_invalid"],
  ] as const)("of %s are refused, and nothing is written", async (_, text, edit, code) => {
    const file = await write("flags.json", text);
    const good = { type: "put", flag: "z", definition: JSON.parse(flag()) } as const;
    await expect(file.apply({ edits: [good, edit] })).rejects.toMatchObject({ code });
    expect(await readFile(file.path, "utf8")).toBe(text);
  });

  test("of a file that does not exist are refused", async () => {
    const store = createFlagFile({ path: join(folder, "none.json"), clock });
    await expect(store.apply({ edits: [{ type: "remove", flag: "a" }] })).rejects.toMatchObject({
      code: "store_unreadable",
    });
  });
});
