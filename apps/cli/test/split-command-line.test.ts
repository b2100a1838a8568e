import { expect, test } from "vitest";
import { splitCommandLine } from "./split-command-line.ts";

test("words are split at spaces, and a comment ends them", () => {
  expect(splitCommandLine("dimmer kill  provider google # now")).toEqual([["dimmer", "kill", "provider", "google"]]);
});

test("quotes keep what they hold, and are joined to what they touch", () => {
  expect(splitCommandLine(`flags set k --definition '{"a": "it'\\''s"}' "x \\"y\\""`)).toEqual([
    ["flags", "set", "k", "--definition", `{"a": "it's"}`, 'x "y"'],
  ]);
});

test("commands are split where one follows another, outside of quotes", () => {
  expect(splitCommandLine("a b && c 'd && e' | f; g")).toEqual([["a", "b"], ["c", "d && e"], ["f"], ["g"]]);
});

test("a hash inside a word is no comment", () => {
  expect(splitCommandLine("open http://127.0.0.1/#token=x")).toEqual([["open", "http://127.0.0.1/#token=x"]]);
});
