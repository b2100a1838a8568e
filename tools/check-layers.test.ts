// Builds small repositories in a temporary folder and shows that each rule of the layer check can fail.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findFaults } from "./layers/find-faults.ts";
import { drawRooms } from "./layers/picture.ts";
import { readRepository } from "./layers/repository.ts";
import { rooms } from "./layers/rooms.ts";

const manifest = (name: string, dependencies: string[] = [], more: object = {}): string =>
  JSON.stringify({
    name: `@dimmer/${name}`,
    exports: { ".": "./src/index.ts", "./errors": "./src/errors.ts", "./facade": "./src/facade/index.ts" },
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, "*"])),
    ...more,
  });

const spec = {
  "packages/spec/package.json": manifest("spec", ["zod"]),
  "packages/spec/src/index.ts": `import { z } from "zod";\nexport const Flag = z.string();\nexport type Flag = string;\n`,
  "packages/spec/src/errors.ts": `export const codes = ["a"] as const;\n`,
};
const engine = {
  ...spec,
  "packages/engine/package.json": manifest("engine", ["@dimmer/spec"]),
  "packages/engine/src/index.ts": `import type { Flag } from "@dimmer/spec";\nexport type Key = Flag;\n`,
};

test("a repository that keeps the table has no faults", async () => {
  expect(await faultsOf(engine)).toEqual([]);
});

test("empty rooms owe nothing yet", async () => {
  expect(await faultsOf({ "packages/engine/package.json": manifest("engine", ["@dimmer/spec"]), ...spec })).toEqual([]);
});

test.each([
  ["a static import", `import type { Key } from "@dimmer/engine";`],
  ["a side effect", `import "@dimmer/engine";`],
  ["a re-export", `export type { Key } from "@dimmer/engine";`],
  ["a dynamic import", `await import("@dimmer/engine");`],
  ["a type by import()", `export type K = import("@dimmer/engine").Key;`],
  ["import.meta.resolve", `import.meta.resolve("@dimmer/engine");`],
])("an arrow against the table is found: %s", async (_, line) => {
  const faults = await faultsOf({ ...engine, "packages/spec/src/index.ts": line });
  expect(faults).toContain(
    "packages/spec/src/index.ts:1: @dimmer/spec may not import @dimmer/engine (tools/layers/rooms.ts)",
  );
});

test("a part of a package may have arrows of its own, and the rest of it may not borrow them", async () => {
  const catalog = {
    ...spec,
    "packages/sdk/package.json": manifest("sdk"),
    "packages/sdk/src/index.ts": `export const sdk = 1;\n`,
    "packages/catalog/package.json": manifest("catalog", ["@dimmer/sdk"]),
    "packages/catalog/src/index.ts": `export const flags = [];\n`,
    "packages/catalog/src/facade/index.ts": `import { sdk } from "@dimmer/sdk";\nimport { flags } from "../index.ts";\n`,
  };
  expect(await faultsOf(catalog)).toEqual([]);
  expect(await faultsOf({ ...catalog, "packages/catalog/src/index.ts": `import { sdk } from "@dimmer/sdk";` })).toEqual(
    ["packages/catalog/src/index.ts:1: @dimmer/catalog may not import @dimmer/sdk (tools/layers/rooms.ts)"],
  );
  expect(await faultsOf({ ...catalog, "packages/catalog/src/index.ts": `import "./facade/index.ts";` })).toEqual([
    "packages/catalog/src/index.ts:1: @dimmer/catalog may not import @dimmer/catalog/facade (tools/layers/rooms.ts)",
  ]);
});

test("where the folders of a room have an order, nothing imports upwards", async () => {
  const gateway = {
    ...spec,
    "packages/gateway/package.json": manifest("gateway"),
    "packages/gateway/src/index.ts": `import "./chat/answer.ts";\nimport "./http/server.ts";\n`,
    "packages/gateway/src/chat/answer.ts": `import "../http/server.ts";\nimport "./settle.ts";\n`,
    "packages/gateway/src/chat/settle.ts": `export const settled = true;\n`,
    "packages/gateway/src/http/server.ts": `export const server = 1;\n`,
  };
  expect(await faultsOf(gateway)).toEqual([]);
  const upwards = {
    ...gateway,
    "packages/gateway/src/http/server.ts": `import "../chat/answer.ts";\nimport "../index.ts";\n`,
  };
  expect(await faultsOf(upwards)).toEqual([
    "packages/gateway/src/http/server.ts:1: packages/gateway/src/http may not import packages/gateway/src/chat/answer.ts, which stands above it (tools/layers/rooms.ts)",
    "packages/gateway/src/http/server.ts:2: packages/gateway/src/http may not import packages/gateway/src/index.ts, which stands above it (tools/layers/rooms.ts)",
  ]);
});

test("zod is loaded only where the table says so, directly or through spec", async () => {
  expect(await faultsOf({ ...engine, "packages/engine/src/zod.ts": `import { z } from "zod";` })).toEqual([
    "packages/engine/src/zod.ts:1: zod may be used only in @dimmer/spec, @dimmer/server, @dimmer/cli",
  ]);
  expect(
    await faultsOf({
      ...engine,
      "packages/engine/src/value.ts": `import { type Flag, Flag as F } from "@dimmer/spec";`,
    }),
  ).toEqual([expect.stringMatching(/^packages\/engine\/src\/value\.ts:1: a value from @dimmer\/spec loads zod here/)]);
  expect(
    await faultsOf({ ...engine, "packages/engine/src/codes.ts": `import { codes } from "@dimmer/spec/errors";` }),
  ).toEqual([]);
});

test("a subpath of spec that comes to load zod is found at those who use it", async () => {
  const faults = await faultsOf({
    ...engine,
    "packages/engine/src/codes.ts": `import { codes } from "@dimmer/spec/errors";`,
    "packages/spec/src/errors.ts": `export { Flag as codes } from "./index.ts";`,
  });
  expect(faults).toEqual([expect.stringMatching(/^packages\/engine\/src\/codes\.ts:1: .* loads zod here/)]);
});

test("package.json and imports agree", async () => {
  expect(await faultsOf({ ...engine, "packages/engine/package.json": manifest("engine") })).toEqual([
    "packages/engine/package.json: @dimmer/spec is imported and not in dependencies; add it",
  ]);
  expect(await faultsOf({ ...engine, "packages/engine/src/index.ts": `export const one = 1;` })).toEqual([
    "packages/engine/package.json: @dimmer/spec is in dependencies and no source imports it; remove it",
  ]);
  expect(
    await faultsOf({ ...engine, "packages/spec/package.json": manifest("spec", ["zod", "@dimmer/engine"]) }),
  ).toEqual(["packages/spec/package.json: @dimmer/engine is a dependency against the arrows (tools/layers/rooms.ts)"]);
});

test("tests may import what package.json declares, and nothing else", async () => {
  const tested = { ...engine, "packages/spec/src/flag.test.ts": `import "@dimmer/engine";\nimport "zod";\n` };
  expect(await faultsOf(tested)).toEqual([
    "packages/spec/package.json: @dimmer/engine is imported by tests and not declared; add it to devDependencies",
  ]);
  const declared = manifest("spec", ["zod"], { devDependencies: { "@dimmer/engine": "*" } });
  expect(await faultsOf({ ...tested, "packages/spec/package.json": declared })).toEqual([]);
});

test("imports go through exports", async () => {
  expect(await faultsOf({ ...engine, "packages/engine/src/deep.ts": `import "@dimmer/spec/src/index.ts";` })).toEqual([
    expect.stringContaining(`"@dimmer/spec/src/index.ts" is not an export of @dimmer/spec`),
  ]);
  expect(await faultsOf({ ...engine, "packages/engine/src/deep.ts": `import "../../spec/src/errors.ts";` })).toEqual([
    expect.stringContaining(`"../../spec/src/errors.ts" leaves its package`),
  ]);
  expect(await faultsOf({ ...engine, "tools/deep.ts": `import "../packages/spec/src/errors.ts";` })).toEqual([
    expect.stringContaining("leaves its package"),
  ]);
});

test("a pure room reads no clock", async () => {
  const faults = await faultsOf({
    ...engine,
    "packages/engine/src/clock.ts": `export const given = new Date(0);\nexport const read = new Date();\n`,
  });
  expect(faults).toEqual(["packages/engine/src/clock.ts:2: this package has no clock; take `now` as an argument"]);
});

test("vague names and `export *` are refused", async () => {
  expect(await faultsOf({ ...engine, "packages/engine/src/string-utils.ts": "" })).toEqual([
    `packages/engine/src/string-utils.ts:1: "string-utils.ts" says nothing; name it for what it holds`,
  ]);
  expect(await faultsOf({ ...engine, "packages/engine/src/all.ts": `export * from "./index.ts";` })).toEqual([
    "packages/engine/src/all.ts:1: `export *` hides what is public; name it",
  ]);
});

test("a package without a room is a fault", async () => {
  expect(await faultsOf({ "packages/attic/package.json": manifest("attic") })).toEqual([
    "packages/attic/package.json: @dimmer/attic has no room; give it a row in tools/layers/rooms.ts",
  ]);
});

test("the table's arrows only point downwards", () => {
  rooms.forEach((room, index) => {
    const below = rooms.slice(0, index).map(({ name }) => name);
    expect(below, room.name).toEqual(expect.arrayContaining([...room.imports]));
  });
});

test("the picture holds every room and every arrow", () => {
  const picture = drawRooms(rooms);
  expect(picture).toContain("sdk --> spec & engine & rollout & api_client & stores");
  expect(picture).toContain(`cli["cli"] --> all`);
  for (const { name } of rooms) expect(picture).toContain(`["${name.replace("@dimmer/", "")}"]`);
});

async function faultsOf(files: Record<string, string>): Promise<string[]> {
  const root = await mkdtemp(join(tmpdir(), "dimmer-layers-"));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  return findFaults(readRepository(root), rooms);
}
