import { expect, test } from "vitest";
import { findBrokenLinks } from "./find-broken-links.ts";

const files = new Map([
  ["docs/adr/0001-one.md", "# ADR 1: One way\n## `code` & more\n"],
  ["docs/picture.png", ""],
  ["packages/spec", ""],
]);
const broken = (text: string): string[] => findBrokenLinks("docs/a.md", text, (path) => files.get(path));

test.each([
  "[one](adr/0001-one.md)",
  "[one](adr/0001-one.md#adr-1-one-way) and [more](adr/0001-one.md#code--more)",
  "# Here\n[up](#here)",
  '![picture](picture.png) <img src="picture.png">',
  "[folder](../packages/spec)",
  "[site](https://example.org/nowhere) [mail](mailto:a@example.org)",
  "`[not](a-link.md)`\n```\n[nor](this.md)\n```",
  "[ref]: adr/0001-one.md",
])("%s is whole", (text) => {
  expect(broken(text)).toEqual([]);
});

test.each([
  ["\n[two](adr/0002-two.md)", `docs/a.md:2: the link "adr/0002-two.md" leads to no file`],
  ["[one](adr/0001-one.md#another)", `docs/a.md:1: the link "adr/0001-one.md#another" leads to no heading`],
  ["[gone](#gone)", `docs/a.md:1: the link "#gone" leads to no heading`],
  ['<img src="no.png">', `docs/a.md:1: the link "no.png" leads to no file`],
  ["[ref]: no.md", `docs/a.md:1: the link "no.md" leads to no file`],
])("%s is broken", (text, fault) => {
  expect(broken(text)).toEqual([fault]);
});
