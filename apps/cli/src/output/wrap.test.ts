import { stripVTControlCharacters } from "node:util";
import { describe, expect, test } from "vitest";
import { createOutput, type Output } from "./output.ts";
import { fitLines } from "./wrap.ts";

const terminal = (columns: number): Output =>
  createOutput(false, { stdout: { isTTY: true, columns, write: () => undefined }, stderr: { write: () => undefined } });
const pipe = createOutput(false, { stdout: { write: () => undefined }, stderr: { write: () => undefined } });

describe("lines that do not fit into a terminal", () => {
  test("go on below, a little to the right of where they began", () => {
    expect(fitLines("short\n  one two three four five six", terminal(28))).toBe(
      "short\n  one two three four five\n    six",
    );
  });

  test("leave room for what stands to their left", () => {
    expect(fitLines("one two three four five six", terminal(35), 9)).toBe("one two three four five\n  six");
  });

  test("keep a word that is longer than a line whole", () => {
    expect(fitLines(`a ${"k".repeat(60)} b`, terminal(40))).toBe(`a\n  ${"k".repeat(60)}\n  b`);
  });

  test("are measured without their colours", () => {
    const line = terminal(40).paint("red", "one two three four five six seven");
    expect(fitLines(line, terminal(40))).toBe(line);
    expect(stripVTControlCharacters(fitLines(line, terminal(30)))).toBe("one two three four five six\n  seven");
  });

  test("stay whole in a pipe", () => {
    const line = "word ".repeat(100);
    expect(fitLines(line, pipe)).toBe(line);
  });
});
