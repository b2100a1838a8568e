import { expect, test } from "vitest";
import { findFileFaults } from "./find-file-faults.ts";

// Put together here, so that this file itself stays clean.
const machinePath = ["", "work", "main"].join("/");
const privateKey = `-----BEGIN RSA ${"PRIVATE"} KEY-----`;
const token = (prefix: string, length: number): string => prefix + "a1B2c3D4".repeat(10).slice(0, length);

test.each([
  ["package-lock.json", `"resolved": "${"https"}://registry.example/a.tgz"`, "a download address"],
  ["docs/a.md", `look into ${machinePath}`, "a path of one machine"],
  ["docs/a.md", ["..", "shared", "data"].join("/"), "a path of one machine"],
  ["a.pem", privateKey, "a private key"],
  ["a.ts", token("AK" + "IA", 16).toUpperCase(), "an AWS access key"],
  ["a.ts", token("ghp" + "_", 36), "a GitHub token"],
  ["a.ts", token("npm" + "_", 36), "an npm token"],
  ["a.ts", token("sk" + "-ant-", 50), "a model provider's key"],
  ["a.ts", token("AI" + "za", 35), "a Google key"],
  ["a.ts", token("xox" + "b-", 30), "a Slack token"],
  ["a.ts", `// oxlint-${"disable"}-next-line no-console`, "switched off without saying why"],
])("%s: %s is a fault", (file, line, reason) => {
  expect(findFileFaults(file, `first line\n${line}\n`)).toEqual([expect.stringMatching(`^${file}:2: .*${reason}`)]);
});

test.each([
  ["package-lock.json", `"resolved": "packages/spec"`],
  [".ci/run", ["..", "shared", "data"].join("/")],
  ["docs/a.md", "https://example.org/work/of/others and src/work/queue.ts"],
  ["docs/a.md", "AKIAIOSFODNN7EXAMPLE, sk-test, ghp_short"],
  ["a.ts", `// oxlint-${"disable"}-next-line no-console -- the banner is for a person`],
  ["a.png", `\0${privateKey}`],
])("%s: %s is none", (file, line) => {
  expect(findFileFaults(file, line)).toEqual([]);
});
