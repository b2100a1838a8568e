import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findJsonFault, findPointer, indexJson, placeOf } from "./json-text.ts";

const faultOf = (text: string): string => {
  const fault = findJsonFault(text);
  if (fault === undefined) return "none";
  const { line, column } = placeOf(text, fault.offset);
  return `${line}:${column} ${fault.message}`;
};

describe("the first mistake of a text", () => {
  test.each([
    ["", "1:1 the text ends where a value is expected"],
    ['{\n  "a": 1,\n}', "3:1 a key in double quotes is expected here"],
    ['{"a": 1 "b": 2}', "1:9 ',' or '}' is expected here"],
    ['{"a" 1}', "1:6 ':' is expected here"],
    ["{'a': 1}", "1:2 a key in double quotes is expected here"],
    ['{"a": tru}', "1:7 a value is expected here"],
    ['["a", "b', "1:7 this string does not end, or holds a character JSON writes with a backslash"],
    ['["a\tb"]', "1:2 this string does not end, or holds a character JSON writes with a backslash"],
    ["[1, 2", "1:6 the text ends where ',' or ']' is expected"],
    ["{} x", "1:4 the end of the text is expected here"],
    ['{\n  // off for now\n  "a": 1}', "2:3 JSON has no comments (YAML has: name the file .yaml)"],
    ['{"flags": {"a": 1,\n "b": 2,\n "a": 3}}', "3:2 the key 'a' is here for the second time"],
    ["01", "1:2 the end of the text is expected here"],
    ["[NaN]", "1:2 a value is expected here"],
  ])("of %j is at %s", (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  test("does not exist in what JSON.stringify writes, however it is indented", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2, "\t"), (value, indent) => {
        expect(findJsonFault(` ${JSON.stringify(value, undefined, indent)}\r\n`)).toBeUndefined();
      }),
    );
  });

  test("exists exactly where JSON.parse finds one too", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b"',
      '"',
      "1",
      "-",
      "0.5",
      "e3",
      "true",
      "nul",
      " ",
      "\n",
      "\\",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join("")),
        (text) => {
          const isJson = ((): boolean => {
            try {
              JSON.parse(text);
              return true;
            } catch {
              return false;
            }
          })();
          const fault = findJsonFault(text);
          if (fault?.message.includes("second time") !== true) expect(fault === undefined).toBe(isJson);
        },
      ),
      { numRuns: 3000 },
    );
  });
});

describe("a pointer", () => {
  const text = '{\n  "flags": {\n    "a/b": {"variants": [true,\n      false]}\n  }\n}';
  test.each([
    ["", { line: 1, column: 1 }],
    ["/flags/a~1b/variants/1", { line: 4, column: 7 }],
    ["/flags/a~1b/defaultVariant", { line: 3, column: 12 }],
    ["/nowhere/at/all", { line: 1, column: 1 }],
  ])("'%s' leads to its value, or to its nearest parent", (pointer, place) => {
    const offset = findPointer(indexJson(text), pointer);
    expect(offset === undefined ? undefined : placeOf(text, offset)).toEqual(place);
  });
});
