/** The two models whose answers a replay file holds, and what they cost when the answers were given. */
import { costMicroUsd, estimateTokens } from "@dimmer/gateway";
import type { PriceInput } from "@dimmer/gateway";

/** One recorded model. */
export interface ReplayModel {
  /** As the file's columns name it, and the gateway's route. */
  readonly name: string;
  /** Provider it is called at in the replay. */
  readonly provider: string;
  readonly price: PriceInput;
}

/**
 * List prices of the time, in USD per million tokens: GPT-4-1106 10 in and 30 out; Mixtral-8x7B 0.24 both ways, as
 * RouteLLM's paper takes it (Ong et al. 2024, arXiv:2406.18665).
 */
export const strongModel: ReplayModel = {
  name: "gpt-4-1106-preview",
  provider: "openai",
  price: { inputMicroUsdPerMillion: 10_000_000, outputMicroUsdPerMillion: 30_000_000, asOf: "2024-06-26" },
};

/** The cheap one. */
export const cheapModel: ReplayModel = {
  name: "mistralai/Mixtral-8x7B-Instruct-v0.1",
  provider: "mistral",
  price: { inputMicroUsdPerMillion: 240_000, outputMicroUsdPerMillion: 240_000, asOf: "2024-06-26" },
};

/** What one recorded answer costs: nobody counted its tokens, so they are estimated as characters / 4. */
export function costOfAnswer(model: ReplayModel, prompt: string, answer: string): number {
  const usage = {
    inputTokens: estimateTokens(prompt.length),
    outputTokens: estimateTokens(answer.length),
    isEstimated: true,
  };
  const price = { asOf: "", ...model.price };
  return (
    costMicroUsd({ [model.name]: price }, { provider: model.provider, model: model.name, tier: "strong" }, usage) ?? 0
  );
}
