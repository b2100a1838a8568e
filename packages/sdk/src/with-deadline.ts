/** Work of a store that must end: by itself, at the deadline, or with the Dimmer, whether the store minds the signal or not. */
import type { Clock } from "@dimmer/api-client";
import { DimmerError } from "@dimmer/spec/errors";

export interface Deadline {
  readonly clock: Clock;
  readonly timeoutMs: number;
  /** Ends the work early. */
  readonly ended: AbortSignal;
  /** Who is late, for the message. */
  readonly store: string;
}

/** Rejects with `store_unreadable` at the deadline. */
export async function withDeadline<T>(deadline: Deadline, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { clock, timeoutMs, ended, store } = deadline;
  const controller = new AbortController();
  let stop = (): void => undefined;
  const stopped = new Promise<never>((_, reject) => {
    const end = (reason: unknown): void => {
      controller.abort(reason);
      reject(reason instanceof Error ? reason : new Error(String(reason)));
    };
    const late = new DimmerError("store_unreadable", `The store '${store}' did not answer within ${timeoutMs} ms.`);
    const cancel = clock.after(timeoutMs, () => end(late));
    const onEnded = (): void => end(ended.reason);
    ended.addEventListener("abort", onEnded, { once: true });
    stop = () => {
      cancel();
      ended.removeEventListener("abort", onEnded);
    };
  });
  try {
    return await Promise.race([work(controller.signal), stopped]);
  } finally {
    stop();
  }
}
