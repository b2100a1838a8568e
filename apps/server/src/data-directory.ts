/** The data folder: private to its owner, with the admin token and the address of the server that runs out of it. */
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isWritableDirectory } from "./storage/read-only-copy.ts";

/** Makes the folder, readable by its owner alone. One that is there and cannot be changed is taken as it is. */
export function prepareDirectory(directory: string): void {
  if (existsSync(directory) && !isWritableDirectory(directory)) return;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  chmodSync(directory, 0o700);
}

/** The admin token that an earlier start left; undefined when there is none. */
export function readAdminToken(directory: string): string | undefined {
  try {
    return readFileSync(join(directory, "admin-token"), "utf8").trim();
  } catch {
    return undefined;
  }
}

/** Leaves the admin token where the CLI finds it. */
export function writeAdminToken(directory: string, secret: string): void {
  replaceFile(join(directory, "admin-token"), `${secret}\n`);
}

/** Says where the server runs; the answer takes that back. A folder that cannot be written goes without. */
export function writeServerAddress(directory: string, url: string): () => void {
  if (!isWritableDirectory(directory)) return () => undefined;
  const path = join(directory, "server.json");
  replaceFile(path, `${JSON.stringify({ url, pid: process.pid })}\n`);
  return () => rmSync(path, { force: true });
}

/** Readers see the old file or the new one, never half of it. */
function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}
