import { expect, test } from "vitest";
import { readArguments } from "./arguments.ts";

const parts = ["flags", "kill"];
const read = (...args: string[]) => readArguments(args, { isKnown: (word) => parts.includes(word), known: parts });

test("words and options come in any order", () => {
  expect(read("kill", "--json", "flags", "--quick")).toEqual({
    type: "run",
    words: ["kill", "flags"],
    isJson: true,
    isQuick: true,
  });
  expect(read()).toEqual({ type: "run", words: [], isJson: false, isQuick: false });
});

test.each(["--help", "-h"])("%s is help, whatever else was said", (option) => {
  expect(read("nonsense", option)).toEqual({ type: "help" });
});

test.each([
  ["--jsn", "no option is called '--jsn'; there are --json, --quick, --help"],
  ["--json=1", "no option is called '--json=1'; there are --json, --quick, --help"],
  ["-q", "no option is called '-q'; there are --json, --quick, --help"],
  ["gateway", "no part is called 'gateway'; there are flags, kill"],
])("%s is told in one line, with what there is", (argument, message) => {
  expect(read("flags", argument)).toEqual({ type: "wrong", message });
});
