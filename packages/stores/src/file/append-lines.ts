/** Appends to a file of lines that other processes append to and may replace at the same time. */
import { mkdir, open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "./write-file-atomically.ts";

const maxAttempts = 10;

/**
 * Appends whole lines in one write and fsyncs them. When the file was replaced meanwhile, writes them again to the new
 * one. Rejects with the system's own error when they may not be on disk.
 */
export async function appendLines(path: string, lines: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  for (let attempt = 1; ; attempt += 1) {
    const file = await open(path, "a+", 0o600);
    try {
      const { dev, ino, size } = await file.stat({ bigint: true });
      // A writer was cut off in the middle of a line: it ends here, or ours would be lost with it.
      const bytes = Buffer.from((await endsInLine(file, Number(size))) ? lines : `\n${lines}`);
      const { bytesWritten } = await file.write(bytes);
      if (bytesWritten < bytes.length) throw new Error(`only ${bytesWritten} of ${bytes.length} bytes were written`);
      await file.sync();
      if (size === 0n) await syncFolder(dirname(path));
      const now = await stat(path, { bigint: true }).catch(() => undefined);
      if (now?.ino === ino && now.dev === dev) return;
      if (attempt === maxAttempts) throw new Error("the file is replaced again and again while it is written");
    } finally {
      await file.close();
    }
  }
}

async function endsInLine(file: FileHandle, size: number): Promise<boolean> {
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === "\n";
}
