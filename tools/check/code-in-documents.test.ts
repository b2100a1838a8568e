import { expect, test } from "vitest";
import { codeIn } from "./code-in-documents.ts";

test("fenced blocks, indented lines and spans are found, with their lines", () => {
  const document = [
    "Say `dimmer status`.",
    "",
    "```sh",
    "dimmer up",
    "# done",
    "```",
    "",
    "    npx dimmer kill all",
    "",
    "``a ` b``",
  ].join("\n");
  expect(codeIn(document)).toEqual([
    { kind: "span", language: "", line: 1, text: "dimmer status" },
    { kind: "fence", language: "sh", line: 4, text: "dimmer up\n# done\n" },
    { kind: "indented", language: "", line: 8, text: "npx dimmer kill all\n" },
    { kind: "span", language: "", line: 10, text: "a ` b" },
  ]);
});

test("a fence of more marks may hold one of fewer", () => {
  expect(codeIn("````md\n```ts\nx\n```\n````\nafter `y`")).toEqual([
    { kind: "fence", language: "md", line: 2, text: "```ts\nx\n```\n" },
    { kind: "span", language: "", line: 6, text: "y" },
  ]);
});
