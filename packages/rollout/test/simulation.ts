/** Simulated attempts: how often healthy ones are rolled back, and how soon bad ones are found. */
import type { Plan } from "@dimmer/spec";
import { addTick, startEvidence } from "@dimmer/rollout";
import { armOf, drawArm, seededRandom, type Random } from "./traffic.ts";

/** Probabilities of the next requests. */
export interface Rates {
  readonly errors: number;
  readonly slow: number;
}

/** The traffic one attempt meets, and for how long. */
export interface Scenario {
  readonly plan: Plan;
  /** Draws an attempt; the result answers by the number of canary requests that came before. */
  readonly drawTraffic: (random: Random) => (canaryRequests: number) => Rates;
  readonly requestsPerTick: number;
  readonly requests: number;
}

/** A rule that rolls back: canary requests until it did, in the attempt of a seed; undefined when it did not. */
export type Rule = (scenario: Scenario, seed: number) => number | undefined;

/** The harm test of @dimmer/rollout. */
export const harmTest: Rule = ({ plan, drawTraffic, requestsPerTick, requests }, seed) => {
  const random = seededRandom(seed);
  const ratesAt = drawTraffic(random);
  let evidence = startEvidence(plan);
  const proven = Math.log(evidence.checks.length / plan.falseRollbackRate);
  for (let seen = 0; seen < requests; seen += requestsPerTick) {
    const { errors, slow } = ratesAt(seen);
    const canary = drawArm(random, requestsPerTick, errors, slow);
    evidence = addTick(plan, evidence, { at: "2026-01-01T00:00:00Z", canary, baseline: armOf(0) });
    if (evidence.checks.some(({ harmSup }) => harmSup >= proven)) return seen + requestsPerTick;
  }
  return undefined;
};

/** What we do not do: every 100 requests, roll back when more of them failed than the limit allows. */
export const repeatedThreshold: Rule = ({ plan, drawTraffic, requests }, seed) => {
  const window = 100;
  const random = seededRandom(seed);
  const ratesAt = drawTraffic(random);
  for (let seen = 0; seen < requests; seen += window) {
    const { errors, slow } = ratesAt(seen);
    if (drawArm(random, window, errors, slow).errors > plan.maxErrorRate * window) return seen + window;
  }
  return undefined;
};

/** What became of many attempts. Quantiles are of those that were rolled back. */
export interface Outcome {
  readonly rolledBack: number;
  readonly medianRequests: number | undefined;
  readonly p90Requests: number | undefined;
}

/** Runs a rule on many attempts of a scenario. The same seed gives the same outcome. */
export function simulate(rule: Rule, scenario: Scenario, attempts: number, seed: number): Outcome {
  const delays = Array.from({ length: attempts }, (_, index) => rule(scenario, seed * 1_000_003 + index))
    .filter((delay) => delay !== undefined)
    .toSorted((a, b) => a - b);
  const at = (quantile: number): number | undefined => delays[Math.ceil(quantile * delays.length) - 1];
  return { rolledBack: delays.length / attempts, medianRequests: at(0.5), p90Requests: at(0.9) };
}

/** The same rates from the first request to the last. */
export function steady(errors: number, slow: number): Scenario["drawTraffic"] {
  return () => () => ({ errors, slow });
}

/** Rates that change after so many canary requests. */
export function changing(onset: number, before: Rates, later: Rates): Scenario["drawTraffic"] {
  return () => (seen) => (seen < onset ? before : later);
}

/**
 * Sticky exposure with two thousand users of very unequal traffic, of whom one in fifty fails two requests in five
 * wherever they are: 0.8 % of all requests, so nothing is wrong with the canary. It gets one user in twenty.
 */
export function stickyUsers(): Scenario["drawTraffic"] {
  return (random) => {
    let requests = 0;
    let errors = 0;
    for (let rank = 1; rank <= 2000; rank += 1) {
      const isCanary = random() < 0.05;
      const errorRate = random() < 0.02 ? 0.4 : 0;
      if (isCanary) {
        requests += 1 / rank;
        errors += errorRate / rank;
      }
    }
    return () => ({ errors: errors / requests, slow: 0 });
  };
}
