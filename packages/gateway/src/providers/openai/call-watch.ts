/**
 * Ends a call that keeps the gateway waiting. The HTTP client's own time-outs are exact to half a second or worse, which
 * is too coarse to leave a fallback its time.
 */
import type { ProviderCall } from "../provider.ts";

export interface CallWatch {
  /** Aborted when the time is up, or when the call is no longer wanted. */
  readonly signal: AbortSignal;
  readonly isTimedOut: boolean;
  /** Allows this much time from now on. */
  allow(durationMs: number): void;
  stop(): void;
}

/** Allows the call its time until the answer begins. */
export function watchCall(call: ProviderCall): CallWatch {
  const controller = new AbortController();
  let isTimedOut = false;
  const end = (): void => {
    isTimedOut = true;
    controller.abort();
  };
  const abort = (): void => controller.abort();
  let timer = setTimeout(end, call.headersTimeoutMs);
  if (call.signal.aborted) abort();
  else call.signal.addEventListener("abort", abort, { once: true });
  return {
    signal: controller.signal,
    get isTimedOut() {
      return isTimedOut;
    },
    allow(durationMs) {
      clearTimeout(timer);
      timer = setTimeout(end, durationMs);
    },
    stop() {
      clearTimeout(timer);
      call.signal.removeEventListener("abort", abort);
    },
  };
}
