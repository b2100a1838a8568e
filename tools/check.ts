// Everything that can be judged without running the code: format, lint, types, layers, files, dead code, documents.
//   npm run check                    all parts
//   npm run check -- types layers    the parts whose names begin so
//   npm run check -- --fix           writes what can be repaired by itself, then checks
//   npm run check -- --verbose       shows what every part said, not only those that failed
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { runParts } from "./check/run-parts.ts";
import type { Part } from "./check/run-parts.ts";

const root = dirname(import.meta.dirname);
const names = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));
const fix = process.argv.includes("--fix") ? ["--fix"] : [];
const isFixing = fix.length > 0;
const isVerbose = process.argv.includes("--verbose");

const lintModules = "tools/lint/node_modules";
const tsgolint = `@oxlint-tsgolint/${process.platform}-${process.arch}/tsgolint${process.platform === "win32" ? ".exe" : ""}`;
const linted = ["packages", "apps", "infra", "bench", "conformance", "examples", "tools", "vitest.config.ts"];
const types = (project: string): string[] => ["node_modules/typescript/bin/tsc", "-p", project];
const documentChecks = readdirSync(join(root, "tools/docs")).filter((file) => /(?<!\.test)\.ts$/.test(file));

const format: Part = {
  name: "format",
  script: [`${lintModules}/oxfmt/bin/oxfmt`, isFixing ? "--write" : "--check", "."],
};
const lint: Part = {
  name: "lint",
  script: [`${lintModules}/oxlint/bin/oxlint`, ...fix, ...linted.filter((path) => existsSync(join(root, path)))],
  env: { OXLINT_TSGOLINT_PATH: join(root, lintModules, tsgolint) },
};
// The longest first, so that two at a time end together.
const readers: Part[] = [
  { name: "types", script: types("tsconfig.json") },
  { name: "types-dashboard", script: types("apps/dashboard/tsconfig.json") },
  { name: "types-pure", script: types("tsconfig.pure.json") },
  { name: "dead-code", script: [`${lintModules}/knip/bin/knip.js`, "--no-progress"] },
  { name: "layers", script: ["tools/check-layers.ts"] },
  { name: "files", script: ["tools/check-files.ts"] },
  ...documentChecks.map((file) => ({ name: `docs-${file.slice(0, -3)}`, script: [`tools/docs/${file}`, ...fix] })),
].filter(({ script: [, , project] }) => project !== "apps/dashboard/tsconfig.json" || existsSync(join(root, project)));

const isWanted = (part: Part): boolean => names.length === 0 || names.some((name) => part.name.startsWith(name));
// Repairs write to the same files, so they take turns and go before what only reads.
const rounds = isFixing ? [[lint], [format], readers] : [[lint, format, ...readers]];
const wanted = rounds.map((round) => round.filter(isWanted)).filter((round) => round.length > 0);

if (wanted.length === 0) {
  const known = [lint, format, ...readers].map((part) => part.name).join(", ");
  console.error(`no part of the check is called ${names.map((name) => `"${name}"`).join(" or ")}; there are: ${known}`);
  process.exit(2);
}
for (const round of wanted) {
  const isGreen = await runParts(round, { root, atOnce: 2, isVerbose, write: (text) => process.stdout.write(text) });
  if (!isGreen) process.exitCode = 1;
}
