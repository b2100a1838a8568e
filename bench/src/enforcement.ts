/** When a kill was in force, read off the calls that were made around it. */
import type { Call } from "./system/load.ts";

export interface Enforcement {
  /** From sending the kill to the start of the first call from which on every one is refused; infinite when none is. */
  readonly enforcedMs: number;
  /** Calls that were served although, when they started, another had already been answered with a refusal. */
  readonly wronglyAdmitted: number;
}

export function judgeEnforcement(calls: readonly Call[], sentAt: number): Enforcement {
  const since = calls.filter((call) => call.startedAt >= sentAt);
  const served = since.filter((call) => !isRefused(call));
  const refused = since.filter(isRefused);
  const lastServedAt = Math.max(sentAt, ...served.map(({ startedAt }) => startedAt));
  const enforcedAt = Math.min(...refused.map(({ startedAt }) => startedAt).filter((at) => at >= lastServedAt));
  const knownAt = Math.min(...refused.map(({ finishedAt }) => finishedAt));
  return {
    enforcedMs: enforcedAt - sentAt,
    wronglyAdmitted: served.filter(({ startedAt }) => startedAt > knownAt).length,
  };
}

export function isRefused({ status }: Call): boolean {
  return status !== 200;
}
