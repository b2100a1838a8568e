import { expect, test } from "vitest";
import { runParts } from "./run-parts.ts";
import type { Part } from "./run-parts.ts";

const part = (name: string, program: string): Part => ({ name, script: ["-e", program] });
const good = part("good", `console.log("chatter")`);
const bad = part("bad", `console.log("the reason"); console.error("and more"); process.exit(3)`);

test("all green: true, a line each, and no chatter", async () => {
  const { isGreen, text } = await run([good, { ...good, name: "better" }]);
  expect(isGreen).toBe(true);
  expect(text).toMatch(/^ok {3}good +\d+\.\d s$/m);
  expect(text).toMatch(/^ok {3}better +\d+\.\d s$/m);
  expect(text).not.toContain("chatter");
});

test("one red: false, and the whole output of that one alone", async () => {
  const { isGreen, text } = await run([bad, good]);
  expect(isGreen).toBe(false);
  expect(text).toMatch(/^FAIL bad/m);
  expect(text).toContain("the reason\nand more");
  expect(text).not.toContain("chatter");
});

test("a part that cannot start is red", async () => {
  const missing = { name: "missing", script: ["/nowhere/part.ts"] };
  expect((await run([missing])).isGreen).toBe(false);
});

test("warnings of a green part are counted", async () => {
  const { text } = await run([part("lint", `console.log("Found 2 warnings and 0 errors.")`)]);
  expect(text).toContain("(2 warnings: npm run check -- lint --verbose)");
});

test("verbose: the output of every part", async () => {
  const { text } = await run([good], true);
  expect(text).toContain("chatter");
});

async function run(parts: readonly Part[], isVerbose = false): Promise<{ isGreen: boolean; text: string }> {
  let text = "";
  const isGreen = await runParts(parts, {
    root: import.meta.dirname,
    atOnce: 2,
    isVerbose,
    write: (piece) => (text += piece),
  });
  return { isGreen, text };
}
