/**
 * Looks at a file again and again: at once when its folder changes, and slowly besides, because no watcher sees
 * everything (network drives, exhausted watch limits, symlinks into other folders). The folder is watched rather than
 * the file: editors rename over it, and Kubernetes swaps a symlink beside it.
 */
import { watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { dirname } from "node:path";
import type { Clock } from "@dimmer/api-client";

export interface WatchOptions {
  readonly path: string;
  readonly pollIntervalMs: number;
  readonly clock: Clock;
  /** Looks once; never rejects. Answers with how soon it wants to look again, when sooner than the poll. */
  readonly look: () => Promise<number | undefined>;
  readonly signal: AbortSignal;
}

/** Looks at once, then until the signal aborts; never twice at a time. */
export function watchFile({ path, pollIntervalMs, clock, look, signal }: WatchOptions): void {
  let watcher: FSWatcher | undefined;
  let isLooking = false;
  let isCalledAgain = false;
  let cancelTimer = (): void => undefined;

  const openWatcher = (): void => {
    if (watcher !== undefined || signal.aborted) return;
    try {
      const opened = watch(dirname(path), { persistent: false }, onChange);
      // The folder was removed, or the system ran out of watches: the poll goes on, and tries to watch again.
      opened.on("error", () => {
        opened.close();
        watcher = undefined;
      });
      watcher = opened;
    } catch {
      watcher = undefined;
    }
  };
  const run = async (): Promise<void> => {
    if (signal.aborted) return;
    if (isLooking) {
      isCalledAgain = true;
      return;
    }
    isLooking = true;
    let waitMs: number | undefined;
    do {
      isCalledAgain = false;
      waitMs = await look();
    } while (isCalledAgain && !signal.aborted);
    isLooking = false;
    if (signal.aborted) return;
    cancelTimer();
    cancelTimer = clock.after(Math.min(waitMs ?? pollIntervalMs, pollIntervalMs), onTimer);
  };
  const onChange = (): void => void run();
  const onTimer = (): void => {
    openWatcher();
    void run();
  };

  signal.addEventListener(
    "abort",
    () => {
      cancelTimer();
      watcher?.close();
    },
    { once: true },
  );
  openWatcher();
  void run();
}
