/** A few lines at the foot of the terminal that are drawn again in place, under lines that stay. */
import { stripVTControlCharacters } from "node:util";

/** What it draws on: a terminal's stream. */
export interface Terminal {
  readonly columns?: number;
  write(text: string): unknown;
}

export interface LiveRegion {
  /** Prints a line that stays, above the region. */
  print(line: string): void;
  /** Replaces the region. */
  draw(lines: readonly string[]): void;
  /** Leaves the region where it is and gives the cursor back. */
  end(): void;
}

const hideCursor = "\x1b[?25l";
const showCursor = "\x1b[?25h";
const clearBelow = "\x1b[0J";
const clearRestOfLine = "\x1b[K";

/** Creates a region of no lines. Each change is one write, so that nothing flickers. */
export function createLiveRegion(terminal: Terminal): LiveRegion {
  let drawn: readonly string[] = [];
  const up = (): string => (drawn.length === 0 ? "" : `\x1b[${drawn.length}A\r`);
  const fit = (line: string): string => cut(line, (terminal.columns ?? 80) - 1);
  const body = (lines: readonly string[]): string => lines.map((line) => `${fit(line)}${clearRestOfLine}\n`).join("");
  return {
    print: (line) => terminal.write(`${up()}${clearBelow}${line}\n${body(drawn)}`),
    draw: (lines) => {
      terminal.write(`${hideCursor}${up()}${body(lines)}${clearBelow}`);
      drawn = lines;
    },
    end: () => {
      drawn = [];
      terminal.write(showCursor);
    },
  };
}

const escape = "\x1b";

/** The first `width` visible characters; colours are closed when anything was cut. Colour sequences take no room. */
function cut(line: string, width: number): string {
  if (stripVTControlCharacters(line).length <= width) return line;
  let room = width;
  // What follows each escape begins with the end of its sequence: `[31mred`.
  const [first = "", ...rest] = line.split(escape);
  let result = first.slice(0, room);
  room -= result.length;
  for (const part of rest) {
    const end = part.indexOf("m") + 1;
    const text = part.slice(end, end + Math.max(0, room));
    room -= text.length;
    result += `${escape}${part.slice(0, end)}${text}`;
  }
  return `${result}${escape}[0m`;
}
