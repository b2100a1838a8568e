// Every relative link in a document leads to a file, and to a heading that is there.
import { globSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { findBrokenLinks } from "../check/find-broken-links.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string | undefined => {
  const found = statSync(join(root, path), { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  return found.isFile() ? readFileSync(join(root, path), "utf8") : "";
};

const documents = globSync("**/*.md", { cwd: root, exclude: ["**/node_modules", "**/dist", ".cache", ".dimmer"] });
for (const document of documents.map((path) => path.replaceAll("\\", "/")).sort()) {
  for (const fault of findBrokenLinks(document, read(document) ?? "", read)) {
    console.log(fault);
    process.exitCode = 1;
  }
}
