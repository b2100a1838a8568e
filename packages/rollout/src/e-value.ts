/**
 * The one kernel of every test here: bets against a hypothesis about a share of events.
 *
 * For requests whose events have probability at most p given all that came before, betting on odds that are r > 1 times
 * larger multiplies the stake by r for an event and divides it by 1 + p(r − 1) for every request. The expected factor is
 * at most (1 + p(r − 1)) / (1 + p(r − 1)) = 1, so the stake is a non-negative supermartingale that starts at 1: an
 * e-process. Ville's inequality: under the hypothesis the chance that it EVER reaches 1/α is at most α, however often
 * and whenever one looks. With r < 1 the same bet tests "at least p": the expected factor 1 + p'(r − 1) only falls as p'
 * rises above p, because r − 1 is negative; so it is valid for the whole composite hypothesis, not just at its edge.
 *
 * In the usual notation this is the likelihood ratio of Bernoulli(q) over Bernoulli(p) with q = rp / (1 + p(r − 1)).
 * A weighted mean of such stakes is again one, which spares us from guessing r: Howard, Ramdas, McAuliffe & Sekhon,
 * "Time-uniform Chernoff bounds" (2020), for the supermartingale; Waudby-Smith & Ramdas, "Estimating means of bounded
 * random variables by betting" (2024), for mixing bets over a grid.
 *
 * All values are natural logarithms, because stakes leave the range of a double.
 */

/** Odds ratios bet on: 24 from 1.1 to 30, evenly spaced in the logarithm. */
export const raisedOdds: readonly number[] = Array.from({ length: 24 }, (_, index) => 1.1 * (30 / 1.1) ** (index / 23));

/** The same, for bets that events are rarer than a hypothesis says. */
export const loweredOdds: readonly number[] = raisedOdds.map((ratio) => 1 / ratio);

/** Events among requests. */
export interface EventCount {
  readonly requests: number;
  readonly events: number;
}

/** Events per request; undefined without requests. */
export function shareOf({ requests, events }: EventCount): number | undefined {
  return requests === 0 ? undefined : events / requests;
}

/** Log of the factor by which the counts multiply a stake on `oddsRatio` against the share `hypothesis`. */
export function logBet(oddsRatio: number, hypothesis: number, counted: EventCount): number {
  return counted.events * Math.log(oddsRatio) - counted.requests * Math.log1p(hypothesis * (oddsRatio - 1));
}

/** Log e-value of the equal mixture of bets on `oddsRatios`. Depends on the counts alone, not on how they came in. */
export function logMixture(oddsRatios: readonly number[], hypothesis: number, counted: EventCount): number {
  return logMean(oddsRatios.map((oddsRatio) => logBet(oddsRatio, hypothesis, counted)));
}

/** ln(eᵃ + eᵇ) without overflow. */
export function logAdd(a: number, b: number): number {
  const larger = Math.max(a, b);
  return larger + Math.log1p(Math.exp(Math.min(a, b) - larger));
}

/** Logarithm of the mean of the values whose logarithms are given. */
export function logMean(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - largest), 0);
  return largest + Math.log(sum / logs.length);
}

/** An e-value a person or JSON can hold: at most 1e300. */
export function fromLog(log: number): number {
  return Math.min(Math.exp(log), 1e300);
}
