/**
 * Harm: proof that events are more frequent than the limit, at some time in the attempt.
 *
 * A stake that has lost for ten thousand good requests takes long to recover when trouble starts late. So only half of
 * the capital is bet at the start; the rest is cash that moves into the bets little by little as requests come in, and
 * each part counts from the moment it was placed. The whole is capital moved between fair games and cash by a rule fixed
 * beforehand, hence still an e-process. Betting anew from every moment on is the idea of Shin, Ramdas & Rinaldo,
 * "E-detectors" (2023); the weights, in effect 1/(j(j+1)) for the j-th start, are placed by requests seen instead of by
 * looks, so that how often one looks hardly matters.
 */
import type { CheckEvidence, CheckName } from "@dimmer/spec";
import { logAdd, logBet, logMean, raisedOdds, type EventCount } from "./e-value.ts";

/** After this many requests a third of the capital is still cash, after twice as many a quarter, and so on. */
const onsetRequests = 100;

/** Share of the capital not yet bet after `requests`; one half before the first. */
function cash(requests: number): number {
  return onsetRequests / (2 * onsetRequests + requests);
}

/** What moves from cash into the bets between two request counts; written so that close counts lose no precision. */
function moved(before: number, after: number): number {
  return (onsetRequests * (after - before)) / ((2 * onsetRequests + before) * (2 * onsetRequests + after));
}

/** A test that has seen nothing. Entries of `harm` are the stakes on `raisedOdds`, each as if it had the whole capital. */
export function startHarmTest(check: CheckName): CheckEvidence {
  return { check, harm: raisedOdds.map(() => Math.log(1 - cash(0))), harmSup: 0 };
}

/** The test after one more tick; `requestsBefore` were counted by earlier ones. */
export function addToHarmTest(
  state: CheckEvidence,
  limit: number,
  requestsBefore: number,
  counted: EventCount,
): CheckEvidence {
  if (counted.requests === 0) return state;
  const requests = requestsBefore + counted.requests;
  const fresh = Math.log(moved(requestsBefore, requests));
  const harm = raisedOdds.map((oddsRatio, index) =>
    logAdd((state.harm[index] ?? -Infinity) + logBet(oddsRatio, limit, counted), fresh),
  );
  return { check: state.check, harm, harmSup: Math.max(state.harmSup, logHarm(harm, requests)) };
}

/** Log of the present e-value after `requests`: what the bets have become, and the cash. */
export function logHarm(stakes: readonly number[], requests: number): number {
  return logAdd(logMean(stakes), Math.log(cash(requests)));
}
