import { expect, test } from "vitest";
import { checkRoomTable } from "./room-table.ts";
import { rooms } from "../layers/rooms.ts";
import type { Room } from "../layers/rooms.ts";

const few: Room[] = [
  { name: "@dimmer/spec", place: "packages/spec", imports: [] },
  { name: "@dimmer/catalog", place: "packages/catalog", imports: ["@dimmer/spec"] },
  { name: "@dimmer/catalog/facade", place: "packages/catalog/src/facade", imports: ["@dimmer/catalog", "@dimmer/sdk"] },
];
const table = `
| room | what it is | may import |
|---|---|---|
| [packages/spec](packages/spec) | words | – |
| [packages/catalog](packages/catalog) | data | spec (\`/facade\`: sdk) |
`;

test("a table that says what the rooms say has no faults", () => {
  expect(checkRoomTable(table, few)).toEqual({ faults: [], repaired: table });
});

test("a wrong cell is a fault, and is repaired", () => {
  const wrong = table.replace("| – |", "| catalog |");
  expect(checkRoomTable(wrong, few)).toEqual({
    faults: [`4: packages/spec may import "–", not "catalog"`],
    repaired: table,
  });
});

test("a room without a row is a fault", () => {
  const short = table.replace(/\| \[packages\/spec\].*\n/, "");
  expect(checkRoomTable(short, few).faults).toEqual([
    expect.stringContaining("no row | [packages/spec](packages/spec)"),
  ]);
});

test("the room that may import every other says so", () => {
  const row = `| [apps/cli](apps/cli) | the command | everything |`;
  expect(checkRoomTable(row, rooms).repaired).toBe(row);
});
