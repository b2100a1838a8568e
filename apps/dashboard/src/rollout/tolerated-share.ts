/** What the proof of safety is a proof of. Pure. */
import type { CheckResult, Plan } from "@dimmer/spec";

/**
 * The share of events that `safe` proves a check to stay below: the limit times the plan's margin, and where that comes
 * close to all requests, half way from the limit to all. The judge's own rule (packages/rollout/src/check.ts).
 */
export function toleratedShare(
  { limit }: Pick<CheckResult, "limit">,
  { safetyMargin }: Pick<Plan, "safetyMargin">,
): number {
  return Math.min(limit * safetyMargin, (1 + limit) / 2);
}
