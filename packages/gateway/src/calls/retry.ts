/** How often and how soon a call that failed before its first byte is made again. */
import type { ProviderFault } from "../providers/provider.ts";

export interface RetryPolicy {
  /** Calls to one model for one request, the first included. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/** An attempt that brought nothing. */
export interface FailedAttempt {
  /** Counts from 1. */
  readonly attempt: number;
  readonly fault: ProviderFault;
  /** Whether there is no other model to try. */
  readonly isOnlyModel: boolean;
}

/**
 * How long to wait before attempt `attempt + 1`; undefined when there is none. A time-out is repeated only where no
 * other model is left to try, because waiting as long again helps nobody. The wait is exponential with full jitter
 * (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015), and at least what the provider asked for; a provider
 * that asks for longer than `maxDelayMs` is left alone.
 */
export function retryDelayMs(policy: RetryPolicy, failed: FailedAttempt, random: () => number): number | undefined {
  const { attempt, fault, isOnlyModel } = failed;
  if (attempt >= policy.attempts || !isRetryable(fault, isOnlyModel)) return undefined;
  const askedMs = fault.type === "refused" ? (fault.retryAfterMs ?? 0) : 0;
  if (askedMs > policy.maxDelayMs) return undefined;
  const ceilingMs = Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (attempt - 1));
  return Math.max(askedMs, random() * ceilingMs);
}

function isRetryable(fault: ProviderFault, isOnlyModel: boolean): boolean {
  switch (fault.type) {
    case "failed":
    case "cut":
      return true;
    case "timeout":
      return isOnlyModel;
    case "refused":
      return fault.isTemporary;
  }
}
