// Reads every file of the repository for what must never be committed: download addresses and gaps in the lockfile,
// paths of one machine, keys and tokens, and rules switched off without a reason.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findFileFaults } from "./check/find-file-faults.ts";
import { findLockfileFaults } from "./check/find-lockfile-faults.ts";

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
  const lockfileFaults = file === "package-lock.json" ? findLockfileFaults(file, text) : [];
  for (const fault of [...findFileFaults(file, text), ...lockfileFaults]) {
    console.log(fault);
    process.exitCode = 1;
  }
}
