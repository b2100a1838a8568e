/** A real disk of one size in memory that a test can fill up or make read-only. Needs root on Linux. */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { temporaryDirectory } from "./start-plane.ts";

export interface SmallDisk {
  readonly path: string;
  /** Leaves no free block. */
  fill(): void;
  /** Takes that back. */
  free(): void;
  setReadOnly(isReadOnly: boolean): void;
}

function mount(...words: string[]): boolean {
  return spawnSync("mount", words).status === 0;
}

/** False when there is no room left. */
function append(file: string, bytes: number): boolean {
  try {
    writeFileSync(file, Buffer.alloc(bytes), { flag: "a" });
    return true;
  } catch {
    return false;
  }
}

/** Whether this machine lets a test mount a disk. */
export function canMountDisk(): boolean {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return false;
  const path = `/tmp/dimmer-mount-probe-${process.pid}`;
  mkdirSync(path, { recursive: true });
  const works = mount("-t", "tmpfs", "-o", "size=64k", "tmpfs", path) && spawnSync("umount", [path]).status === 0;
  rmSync(path, { recursive: true, force: true });
  return works;
}

/** Mounts one of 2 MiB; it is gone after the test. */
export function mountSmallDisk(): SmallDisk {
  const path = join(temporaryDirectory(), "disk");
  mkdirSync(path);
  if (!mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", path)) throw new Error("The test disk could not be mounted.");
  onTestFinished(() => void spawnSync("umount", ["-l", path]));
  const filler = join(path, "filler");
  return {
    path,
    fill() {
      for (const blockBytes of [65_536, 4096]) {
        while (append(filler, blockBytes));
      }
    },
    free: () => rmSync(filler, { force: true }),
    setReadOnly(isReadOnly) {
      if (!mount("-o", `remount,${isReadOnly ? "ro" : "rw"}`, path))
        throw new Error("The test disk could not be remounted.");
    },
  };
}
