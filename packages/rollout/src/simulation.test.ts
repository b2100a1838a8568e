/**
 * The promises of the harm test on simulated traffic: seeded, so that no run differs from another. `npm run simulate -w
 * @dimmer/rollout` prints the table of docs/adr/0005-sequential-evidence.md.
 */
import { expect, test } from "vitest";
import { planOf } from "../test/attempt.ts";
import { changing, harmTest, simulate, steady } from "../test/simulation.ts";

const base = { plan: planOf(), requestsPerTick: 50, requests: 10_000 };

test("an attempt exactly at both limits is rolled back no more often than α, over two hundred looks", () => {
  const attempts = 400;
  const { rolledBack } = simulate(harmTest, { ...base, drawTraffic: steady(0.01, 0.05) }, attempts, 1);
  expect(rolledBack).toBeLessThanOrEqual(0.05 + 2 * Math.sqrt((0.05 * 0.95) / attempts));
});

test("a rise of errors from 1 % to 5 % is found within three hundred canary requests in most attempts", () => {
  const { rolledBack, medianRequests } = simulate(harmTest, { ...base, drawTraffic: steady(0.05, 0) }, 200, 2);
  expect(rolledBack).toBe(1);
  expect(medianRequests).toBeLessThanOrEqual(300);
});

test("a rise after five thousand good requests is found within six hundred more", () => {
  const drawTraffic = changing(5000, { errors: 0.002, slow: 0 }, { errors: 0.05, slow: 0 });
  const { rolledBack, medianRequests } = simulate(harmTest, { ...base, drawTraffic }, 100, 3);
  expect(rolledBack).toBe(1);
  expect(medianRequests).toBeGreaterThan(5000);
  expect(medianRequests).toBeLessThanOrEqual(5600);
});

test("one slow request in five is found within two hundred canary requests in most attempts", () => {
  const { medianRequests } = simulate(harmTest, { ...base, drawTraffic: steady(0, 0.2) }, 200, 4);
  expect(medianRequests).toBeLessThanOrEqual(200);
});
