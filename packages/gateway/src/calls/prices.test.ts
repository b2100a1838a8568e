import { costMicroUsd, listPrices } from "@dimmer/gateway";
import { expect, test } from "vitest";

const usage = { inputTokens: 1000, outputTokens: 500, isEstimated: false };
const model = { provider: "p", model: "m", tier: "strong" } as const;
const price = (
  input: number,
  output: number,
): { inputMicroUsdPerMillion: number; outputMicroUsdPerMillion: number; asOf: string } => ({
  inputMicroUsdPerMillion: input * 1e6,
  outputMicroUsdPerMillion: output * 1e6,
  asOf: "2026-01-01",
});

test("ten dollars per million in and thirty out: 1,000 in and 500 out cost 2.5 cents", () => {
  expect(costMicroUsd({ m: price(10, 30) }, model, usage)).toBe(25_000);
});

test("the price at a provider goes before the price of the model", () => {
  expect(costMicroUsd({ m: price(10, 30), "p/m": price(1, 1) }, model, usage)).toBe(1500);
});

test("an unknown model has no cost, which is not the same as none to pay", () => {
  expect(costMicroUsd({ m: price(0, 0) }, model, usage)).toBe(0);
  expect(costMicroUsd(listPrices, model, usage)).toBeUndefined();
});

test("every list price is dated", () => {
  for (const { asOf } of Object.values(listPrices)) expect(asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
});
