/**
 * Safety: proof, within one step, that events are rarer than a tolerated share somewhat above the limit. Showing "not
 * above the limit" itself would take for ever where the true share is the limit; the margin between the two is what
 * makes a finite proof possible.
 *
 * Every check of a step must be proven. Each is tested at the full β: a step with one bad check is wrongly called safe
 * only when that check's own test errs. No capital is held back and the present e-value counts, not the largest: safety
 * that later requests contradict is withdrawn.
 */
import { logBet, logMixture, loweredOdds, type EventCount } from "./e-value.ts";

/** Log e-value against "the share of events is at least `tolerated`". */
export function logSafety(tolerated: number, counted: EventCount): number {
  return logMixture(loweredOdds, tolerated, counted);
}

/**
 * How many more requests with the present share of events would bring the log e-value to `needed`; undefined when none
 * would. For telling people how long to wait, never for deciding.
 */
export function requestsUntilSafe(tolerated: number, needed: number, counted: EventCount): number | undefined {
  if (counted.requests === 0) return undefined;
  const share = counted.events / counted.requests;
  const grows = loweredOdds.some((oddsRatio) => logBet(oddsRatio, tolerated, { requests: 1, events: share }) > 1e-9);
  if (!grows) return undefined;
  const isEnough = (more: number): boolean => {
    const requests = counted.requests + more;
    return logSafety(tolerated, { requests, events: share * requests }) >= needed;
  };
  if (isEnough(0)) return 0;
  let enough = 1;
  while (!isEnough(enough)) enough *= 2;
  let tooFew = Math.floor(enough / 2);
  while (enough - tooFew > 1) {
    const middle = Math.floor((tooFew + enough) / 2);
    if (isEnough(middle)) enough = middle;
    else tooFew = middle;
  }
  return enough;
}
