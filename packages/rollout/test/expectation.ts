/** Exact expectations over binomial outcomes: what a simulation estimates, without its noise. */

/** Mean of exp(logValue(events)) over the number of events among `requests` that each have one with `probability`. */
export function expectedValue(requests: number, probability: number, logValue: (events: number) => number): number {
  let total = 0;
  let logWays = 0;
  for (let events = 0; events <= requests; events += 1) {
    const logChance = logWays + events * Math.log(probability) + (requests - events) * Math.log1p(-probability);
    total += Math.exp(logChance + logValue(events));
    logWays += Math.log(requests - events) - Math.log(events + 1);
  }
  return total;
}
