/** What a vendor's servers would have sent, as a text and, for candidates that read files, as a file of this process. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Wire {
  readonly text: string;
  readonly path: string;
}

/** The file goes when the process does: some candidates go on watching it. */
export function writeWireFile(text: string): Wire {
  const directory = mkdtempSync(join(tmpdir(), "dimmer-bench-"));
  process.once("exit", () => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, "flags.json");
  writeFileSync(path, text);
  return { text, path };
}
