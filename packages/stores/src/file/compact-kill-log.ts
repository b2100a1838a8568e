/**
 * Rewrites a kill file without what can no longer matter, beside other processes that append to it. Nothing that was
 * acknowledged is lost: while the new file takes the old one's place, the old one stays reachable as `<file>.old`, which
 * every reader reads too; what others appended to it meanwhile is appended to the new file, and only then is it removed.
 */
import { link, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { pruneKillSet } from "@dimmer/spec/kill-set";
import { appendLines } from "./append-lines.ts";
import { formatKillLog, parseKillLog } from "./kill-log.ts";
import { syncFolder } from "./write-file-atomically.ts";

/** Where the old file is found while, or because, a compaction was not finished. */
export function oldPathOf(path: string): string {
  return `${path}.old`;
}

/** A lock older than this belongs to a process that died. */
const staleLockMs = 60_000;

/** Compacts when that saves anything and nobody else does. Rejects with the system's own error; the file is then as it was. */
export async function compactKillLog(path: string, nowMs: number): Promise<void> {
  const lock = `${path}.compacting`;
  if (!(await takeLock(lock, nowMs))) return;
  try {
    const text = await finishOldCompaction(path);
    const { killSet, foreignLines } = parseKillLog(text);
    const kept = foreignLines.filter((line) => line.isJson).map((line) => `${line.text}\n`);
    const compacted = kept.join("") + formatKillLog(pruneKillSet(killSet, nowMs));
    if (Buffer.byteLength(compacted) < Buffer.byteLength(text)) await replace(path, text, compacted);
  } finally {
    await rm(lock, { force: true });
  }
}

async function replace(path: string, text: string, compacted: string): Promise<void> {
  const old = oldPathOf(path);
  const beside = `${path}.new`;
  const file = await open(beside, "w", 0o600);
  try {
    await file.writeFile(compacted);
    await file.sync();
  } finally {
    await file.close();
  }
  await link(path, old);
  await rename(beside, path);
  await syncFolder(dirname(path));
  const late = (await readFile(old)).subarray(Buffer.byteLength(text)).toString();
  if (late.trim() !== "") await appendLines(path, late.endsWith("\n") ? late : `${late}\n`);
  await rm(old);
}

/** The file's text, after a compaction that was cut off has been brought to its end. */
async function finishOldCompaction(path: string): Promise<string> {
  const left = await readFile(oldPathOf(path), "utf8").catch(() => undefined);
  if (left !== undefined) {
    await appendLines(path, left.endsWith("\n") ? left : `${left}\n`);
    await rm(oldPathOf(path));
  }
  return readFile(path, "utf8");
}

async function takeLock(lock: string, nowMs: number): Promise<boolean> {
  try {
    await (await open(lock, "wx")).close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: nowMs }));
    if (nowMs - mtimeMs > staleLockMs) await rm(lock, { force: true });
    return false;
  }
}
