/** Drops observations that were used, again and again while the server runs. */
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { Commit, Commits } from "../storage/commits.ts";
import { dropOldObservations } from "./drop-old-observations.ts";

const intervalMs = 10 * 60 * 1000;

export interface DropRegularlyServices {
  readonly commits: Commits;
  readonly clock: Clock;
  readonly log: Log;
  /** The last observation that every unfinished rollout has read. */
  readonly readThrough: (commit: Commit) => Promise<number | undefined>;
}

/** Starts with the first interval; the answer stops it and waits for one that is under way. */
export function dropRegularly({ commits, clock, log, readThrough }: DropRegularlyServices): () => Promise<void> {
  let dropping = Promise.resolve();
  let cancel = schedule();

  function schedule(): () => void {
    return clock.after(intervalMs, () => {
      dropping = dropOldObservations(commits, readThrough).catch((error: unknown) =>
        log.error({ error }, "old observations could not be dropped"),
      );
      cancel = schedule();
    });
  }

  return async () => {
    cancel();
    await dropping;
  };
}
