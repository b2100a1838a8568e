import { expect, test } from "vitest";
import { findCommandFaults } from "./find-command-faults.ts";

const judge = (words: readonly string[]): string | undefined =>
  words.includes("--bad") ? `no ${words.join(" ")}` : undefined;

test("a command in a block, an indented line or a span is judged, wherever it stands in its line", () => {
  const document = [
    "Run `dimmer a --bad`.",
    "",
    "    npx dimmer b --bad # so",
    "",
    "```sh",
    "cd x && dimmer c \\",
    "  --bad",
    "dimmer d",
    "```",
  ].join("\n");
  expect(findCommandFaults("x.md", document, judge)).toEqual([
    "x.md:1: `dimmer a --bad`: no a --bad",
    "x.md:3: `dimmer b --bad`: no b --bad",
    "x.md:6: `dimmer c --bad`: no c --bad",
  ]);
});

test("text, and the name of the program alone, are no commands", () => {
  expect(findCommandFaults("x.md", "dimmer x --bad, and `dimmer`, and `echo dimmer --bad`", judge)).toEqual([]);
});
