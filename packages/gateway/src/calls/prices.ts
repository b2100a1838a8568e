/**
 * What a call costs. The table is dated and small on purpose: operators state the prices they pay in the
 * configuration, which beat it. A model without a price is reported as unpriced, never as free.
 */
import type { Usage } from "../protocol/usage.ts";
import type { RouteModel } from "../routing/router.ts";

/** Price of one model. Micro-USD per million tokens is the same number as USD per trillion: $10 per million = 10,000,000. */
export interface Price {
  readonly inputMicroUsdPerMillion: number;
  readonly outputMicroUsdPerMillion: number;
  /** Day the price was looked up, YYYY-MM-DD. */
  readonly asOf: string;
}

/** Prices by model name, or by `provider/model` where one model costs differently at different providers. */
export type PriceTable = Readonly<Record<string, Price>>;

function usdPerMillion(input: number, output: number, asOf: string): Price {
  return { inputMicroUsdPerMillion: input * 1e6, outputMicroUsdPerMillion: output * 1e6, asOf };
}

/** List prices of the vendors' own pages on the day named. Mixtral: Together AI. */
export const listPrices: PriceTable = {
  "gpt-4-1106-preview": usdPerMillion(10, 30, "2024-03-04"),
  "mistralai/Mixtral-8x7B-Instruct-v0.1": usdPerMillion(0.6, 0.6, "2024-03-04"),
  "gpt-4o": usdPerMillion(2.5, 10, "2025-04-25"),
  "gpt-4o-mini": usdPerMillion(0.15, 0.6, "2025-04-25"),
  "gpt-4.1": usdPerMillion(2, 8, "2025-04-25"),
  "gpt-4.1-mini": usdPerMillion(0.4, 1.6, "2025-04-25"),
  "gpt-4.1-nano": usdPerMillion(0.1, 0.4, "2025-04-25"),
};

/** Cost of one call in whole micro-USD; undefined when the model has no price. */
export function costMicroUsd(prices: PriceTable, model: RouteModel, usage: Usage): number | undefined {
  const price = prices[`${model.provider}/${model.model}`] ?? prices[model.model];
  if (price === undefined) return undefined;
  const total = usage.inputTokens * price.inputMicroUsdPerMillion + usage.outputTokens * price.outputMicroUsdPerMillion;
  return Math.round(total / 1e6);
}
