/** Breaks text into lines that fit. Colours take no room. */
import { stripVTControlCharacters } from "node:util";
import type { Output } from "./output.ts";

/** Lines of at most `width` characters, broken at spaces; a word that is longer stands alone. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && lengthOf(line) + 1 + lengthOf(word) > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** How far the rest of a line that was broken stands to the right of its beginning. */
const hang = 2;
/** Below this, broken lines are harder to read than long ones. */
const narrowest = 24;

/**
 * Breaks every line that does not fit into the terminal less `margin`, the rest under its beginning. Where nobody looks
 * lines stay whole: they are searched, or cut.
 */
export function fitLines(text: string, output: Output, margin = 0): string {
  if (!output.isInteractive) return text;
  const width = output.width - margin;
  return text
    .split("\n")
    .flatMap((line) => {
      if (lengthOf(line) <= width) return line;
      const indent = /^ */.exec(line)?.[0] ?? "";
      const pieces = wrap(line.slice(indent.length), Math.max(narrowest, width - indent.length - hang));
      return pieces.map((piece, index) => `${indent}${" ".repeat(index === 0 ? 0 : hang)}${piece}`);
    })
    .join("\n");
}

function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
