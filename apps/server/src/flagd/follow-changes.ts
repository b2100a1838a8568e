/** Changes as a loop takes them: however many came while it was busy, it learns once which environments have changed. */
import { Code, ConnectError } from "@connectrpc/connect";
import type { Clock } from "../clock.ts";
import type { ServedFlags } from "../flags/served-flags.ts";

/** How often a silent follower looks whether it may still follow. */
const checkIntervalMs = 15_000;

export interface FollowOptions {
  readonly served: ServedFlags;
  readonly clock: Clock;
  /** Ends the loop, with its reason as the error. */
  readonly signal: AbortSignal;
  /** Whether the follower's token is still good. */
  readonly isValid: () => boolean;
}

/**
 * Follows from the moment of the call. The loop only ever ends by an error: clients of flagd take an orderly end for
 * good, and would not come back.
 */
export function followChanges({ served, clock, signal, isValid }: FollowOptions): AsyncIterable<ReadonlySet<string>> {
  let changed = new Set<string>();
  let wake = (): void => undefined;
  const unfollow = served.follow((environment) => {
    changed.add(environment);
    wake();
  });
  signal.addEventListener("abort", stop, { once: true });

  function stop(): void {
    unfollow();
    wake();
  }

  async function waitForChange(): Promise<void> {
    if (changed.size > 0 || signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    wake = resolve;
    const cancel = clock.after(checkIntervalMs, resolve);
    await promise;
    cancel();
  }

  return {
    async *[Symbol.asyncIterator]() {
      try {
        for (;;) {
          await waitForChange();
          if (signal.aborted) throw ConnectError.from(signal.reason, Code.Canceled);
          if (!isValid()) throw new ConnectError("The token is not good any more.", Code.Unauthenticated);
          if (changed.size === 0) continue;
          const taken = changed;
          changed = new Set();
          yield taken;
        }
      } finally {
        signal.removeEventListener("abort", stop);
        unfollow();
      }
    },
  };
}
