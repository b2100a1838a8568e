/** A breaker: after a few failures in a row it lets nothing through for a while, which doubles with every further one. */

export interface Breaker {
  /** Whether a call may be made at this time, in unix ms. */
  allows(nowMs: number): boolean;
  succeeded(): void;
  failed(nowMs: number): void;
}

/** `coolDownMs` doubles up to `maxCoolDownMs`; one call is let through after each. */
export function createBreaker({
  failureThreshold = 3,
  coolDownMs = 5000,
  maxCoolDownMs = 60_000,
}: {
  readonly failureThreshold?: number;
  readonly coolDownMs?: number;
  readonly maxCoolDownMs?: number;
} = {}): Breaker {
  let failures = 0;
  let closedUntilMs = 0;
  return {
    allows: (nowMs) => nowMs >= closedUntilMs,
    succeeded: () => {
      failures = 0;
      closedUntilMs = 0;
    },
    failed: (nowMs) => {
      failures += 1;
      const beyond = failures - failureThreshold;
      if (beyond >= 0) closedUntilMs = nowMs + Math.min(maxCoolDownMs, coolDownMs * 2 ** Math.min(beyond, 30));
    },
  };
}
