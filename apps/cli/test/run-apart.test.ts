import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { runApart } from "../src/up/run-apart.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const script = (text: string): URL => {
  const file = join(temporaryDirectory(), "script.mjs");
  writeFileSync(file, text);
  return pathToFileURL(file);
};

test("what a script prints comes back, whole", async () => {
  const answer = await runApart(script('process.stdout.write(process.argv[2] + "é".repeat(100_000));'), {
    args: ["first "],
    stdout: "answer",
  });
  expect(answer).toBe(`first ${"é".repeat(100_000)}`);
});

test("it has the variables given, and does not show them among its arguments", async () => {
  const print = script("process.stdout.write(JSON.stringify([process.env.SECRET, process.argv.slice(2)]));");
  expect(JSON.parse(await runApart(print, { env: { SECRET: "s" }, stdout: "answer" }))).toEqual(["s", []]);
});

test.each([
  ["process.exitCode = 3;", "ended with 3"],
  ['process.kill(process.pid, "SIGKILL");', "ended with SIGKILL"],
])("a script that runs %s is a failure", async (text, message) => {
  await expect(runApart(script(text), { stdout: "answer" })).rejects.toThrow(message);
});
