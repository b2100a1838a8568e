// Every block of TypeScript with an import that a document shows is one that compiles, against this repository.
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { codeIn } from "../check/code-in-documents.ts";

const root = resolve(import.meta.dirname, "../..");
// Under node_modules, where imports resolve as in the repository and nothing else looks.
const folder = join(root, "node_modules/.cache/dimmer-code-blocks");
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const documents = globSync(["*.md", "{docs,packages,apps,examples}/**/*.md"], {
  cwd: root,
  exclude: ["**/node_modules", "**/dist"],
});
const blocks = new Map<string, string>();
for (const document of documents.sort()) {
  for (const { kind, language, line, text } of codeIn(readFileSync(join(root, document), "utf8"))) {
    if (kind !== "fence" || (language !== "ts" && language !== "typescript") || !/^import /m.test(text)) continue;
    const name = `block-${blocks.size}.ts`;
    // The block stands on the line it has in its document, so that the compiler's messages point there.
    writeFileSync(join(folder, name), "\n".repeat(line - 1) + text);
    blocks.set(name, document.replaceAll("\\", "/"));
  }
}

if (blocks.size > 0) {
  const compilerOptions = { types: ["node"], noUnusedLocals: false };
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({ extends: "../../../tsconfig.base.json", compilerOptions, files: [...blocks.keys()] }),
  );
  // A package, so that the blocks are modules of the kind the repository's files are.
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  const compiler = join(root, "node_modules/typescript/bin/tsc");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [compiler, "-p", join(folder, "tsconfig.json"), "--pretty", "false"],
    { cwd: folder, encoding: "utf8" },
  );
  if (status !== 0) {
    console.log(
      `${stdout}${stderr}`.replaceAll(
        /\bblock-\d+\.ts\((\d+),\d+\)/g,
        (place, line: string) => `${blocks.get(place.slice(0, place.indexOf("("))) ?? place}:${line}`,
      ),
    );
    process.exitCode = 1;
  }
}
