import { stripVTControlCharacters } from "node:util";
import type { FlagView } from "@dimmer/spec";
import { expect, test } from "vitest";
import { drawFlagTable } from "./flag-table.ts";
import { createOutput, type Output } from "./output.ts";

const on = (columns?: number): Output =>
  createOutput(false, {
    stdout: { ...(columns === undefined ? {} : { isTTY: true, columns }), write: () => undefined },
    stderr: { write: () => undefined },
  });
const view = (key: string, more: Partial<FlagView> = {}): FlagView => ({
  key,
  definition: { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" },
  exposure: "5 %",
  killed: false,
  ...more,
});
const views = [view("first", { inert: "nothing acts on it" }), view("k".repeat(60)), view("last")];

test("a key that is too long moves its own row alone", () => {
  expect(drawFlagTable(views, on()).split("\n")).toEqual([
    "first  5 %  inert: nothing acts on it",
    `${"k".repeat(60)}  5 %`,
    "last   5 %",
  ]);
});

test("a narrow terminal shows remarks below", () => {
  const lines = stripVTControlCharacters(drawFlagTable(views, on(50))).split("\n");
  expect(lines.slice(0, 2)).toEqual(["first  5 %", "    inert: nothing acts on it"]);
});
