/**
 * Mismatch: proof that the canary's share of requests has little to do with the step's weight, so that something other
 * than the flag decides who gets what, or one arm's reports do not arrive.
 *
 * Exposure is sticky by user and a few users send most requests, so the share of requests wanders around the weight far
 * more than a coin would. Only gross skew counts: odds of reaching the canary that are more than four times or less than
 * a quarter of the configured ones. The hypotheses "at least the lower edge" and "at most the upper edge" are tested by
 * the mixture of e-value.ts, half the capital each; the present e-value counts, so a burst of one user heals.
 *
 * Totals are slow to show an arm that fell silent in the middle of a step. So a run of requests of one arm alone is
 * looked at too: within the band, the chance of n in a row for the baseline is at most (1 − lower edge)ⁿ.
 */
import type { Evidence } from "@dimmer/spec";
import { logAdd, logMixture, loweredOdds, raisedOdds } from "./e-value.ts";

const oddsTolerance = 4;
/** Baseline requests that are nobody's fault at 100 %: instances with an override, users a prerequisite keeps out. */
const canaryShareAtFullWeight = 0.9;
/** Chance that a step within the band is ever called skewed. */
const falseMismatchRate = 0.001;
/** Chance, per run, that an arm within the band is called silent. Smaller, because a step has many runs. */
const falseSilenceRate = 1e-6;

/** Shares of requests the canary may have; without an upper edge where the canary gets everything. */
interface Band {
  readonly low: number;
  readonly high: number;
}

function bandAround(weightPercent: number): Band {
  if (weightPercent >= 100) return { low: canaryShareAtFullWeight, high: 1 };
  const odds = weightPercent / (100 - weightPercent);
  const shareOf = (o: number): number => o / (1 + o);
  return { low: shareOf(odds / oddsTolerance), high: shareOf(odds * oddsTolerance) };
}

/** What skews the split of a step, if anything does. */
export type Mismatch =
  | { readonly type: "skewed"; readonly canaryRequests: number; readonly requests: number; readonly band: Band }
  | { readonly type: "silent"; readonly arm: "canary" | "baseline"; readonly otherRequests: number };

/** Looks for gross skew between the weight and the requests counted in this step. */
export function findMismatch(weightPercent: number, evidence: Evidence): Mismatch | undefined {
  const band = bandAround(weightPercent);
  const { silence, stepArms } = evidence;
  const isTooLong = (run: number, chance: number): boolean => run * Math.log(chance) <= Math.log(falseSilenceRate);
  if (isTooLong(silence.canary, 1 - band.low)) {
    return { type: "silent", arm: "canary", otherRequests: silence.canary };
  }
  if (isTooLong(silence.baseline, band.high)) {
    return { type: "silent", arm: "baseline", otherRequests: silence.baseline };
  }
  const canaryRequests = stepArms.canary.requests;
  const requests = canaryRequests + stepArms.baseline.requests;
  const counted = { requests, events: canaryRequests };
  const tooFew = logMixture(loweredOdds, band.low, counted);
  const tooMany = logMixture(raisedOdds, band.high, counted);
  const logE = logAdd(tooFew, tooMany) - Math.LN2;
  return logE >= -Math.log(falseMismatchRate) ? { type: "skewed", canaryRequests, requests, band } : undefined;
}
