// Reads every file of the repository for what must never be committed: download addresses in the lockfile, paths of one
// machine, keys and tokens, and rules switched off without a reason.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findFileFaults } from "./check/find-file-faults.ts";

const root = dirname(import.meta.dirname);
// What is committed, and what would be with the next `git add .`; a deleted file may still be listed.
const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root });
const files = new Set(listed.toString("utf8").split("\0").filter(Boolean));

for (const file of files) {
  let text: string;
  try {
    text = readFileSync(join(root, file), "utf8");
  } catch {
    continue;
  }
  for (const fault of findFileFaults(file, text)) {
    console.log(fault);
    process.exitCode = 1;
  }
}
