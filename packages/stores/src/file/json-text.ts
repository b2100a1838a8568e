/**
 * JSON text with places: what JSON.parse does not tell, a person who edits a flag file needs. Finds the line and column
 * of a mistake, and of what a JSON pointer (RFC 6901) names. A key written twice is a mistake too: JSON.parse would
 * silently take the second.
 */
import type { Place } from "../ports.ts";

export interface TextFault {
  readonly offset: number;
  readonly message: string;
}

/** The first mistake of a text; undefined when it is JSON. */
export function findJsonFault(text: string): TextFault | undefined {
  try {
    walk(text, () => undefined);
    return undefined;
  } catch (error) {
    if (error instanceof Mistake) return { offset: error.offset, message: error.message };
    throw error;
  }
}

/** Where each value of a JSON text begins, by its pointer. The text has no mistake. */
export function indexJson(text: string): ReadonlyMap<string, number> {
  const offsets = new Map<string, number>();
  walk(text, (pointer, offset) => offsets.set(pointer, offset));
  return offsets;
}

/** The place of what a pointer names, or of its nearest parent that exists. */
export function findPointer(offsets: ReadonlyMap<string, number>, pointer: string): number | undefined {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const offset = offsets.get(at);
    if (offset !== undefined || at === "") return offset;
  }
}

/** Line and column of an offset, both from 1. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: offset - lineStart + 1 };
}

/** One name of a pointer. */
export function escapePointer(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}

class Mistake extends Error {
  readonly offset: number;

  constructor(offset: number, message: string) {
    super(message);
    this.offset = offset;
  }
}

const space = /[ \t\r\n]*/y;
const string = /"(?:[ !#-[\]-\u{10ffff}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const scalar = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;

/** Visits every value of a text in order. Throws the first mistake. */
function walk(text: string, visit: (pointer: string, offset: number) => void): void {
  let offset = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = offset;
    const found = pattern.exec(text)?.[0];
    offset += found?.length ?? 0;
    return found;
  };
  const expect = (what: string): Mistake => {
    if (offset >= text.length) return new Mistake(offset, `the text ends where ${what} is expected`);
    const isComment = /^(?:\/[/*]|#)/.test(text.slice(offset));
    return new Mistake(
      offset,
      isComment ? "JSON has no comments (YAML has: name the file .yaml)" : `${what} is expected here`,
    );
  };
  const takeString = (what: string): string => {
    const start = offset;
    const found = take(string);
    if (found !== undefined) return found;
    throw text[start] === '"'
      ? new Mistake(start, "this string does not end, or holds a character JSON writes with a backslash")
      : expect(what);
  };
  const takeMembers = (end: "}" | "]", takeMember: () => void): void => {
    offset += 1;
    take(space);
    if (text[offset] !== end) {
      for (;;) {
        takeMember();
        take(space);
        if (text[offset] === end) break;
        if (text[offset] !== ",") throw expect(`',' or '${end}'`);
        offset += 1;
        take(space);
      }
    }
    offset += 1;
  };
  const takeValue = (pointer: string): void => {
    visit(pointer, offset);
    const first = text[offset];
    if (first === "{") {
      const names = new Set<string>();
      takeMembers("}", () => {
        const start = offset;
        const name = String(JSON.parse(takeString("a key in double quotes")));
        if (names.has(name)) throw new Mistake(start, `the key '${name}' is here for the second time`);
        names.add(name);
        take(space);
        if (text[offset] !== ":") throw expect("':'");
        offset += 1;
        take(space);
        takeValue(`${pointer}/${escapePointer(name)}`);
      });
    } else if (first === "[") {
      let index = 0;
      takeMembers("]", () => {
        takeValue(`${pointer}/${index}`);
        index += 1;
      });
    } else if (first === '"') takeString("a string");
    else if (take(scalar) === undefined) throw expect("a value");
  };
  take(space);
  takeValue("");
  take(space);
  if (offset < text.length) throw expect("the end of the text");
}
