/** The gateway that runs when no configuration is given: the catalogue's three providers, simulated. */

import type { GatewayConfigInput } from "@dimmer/gateway";

/** A cheap model is quicker, and more often wrong. */
const cheap = { quality: 0.9, latency: { p50Ms: 20, p95Ms: 60 } };

/** Routes `chat` (bedrock first) and `gemini` (google first), each with a cheap model for v2 and fallbacks. */
export const defaultGatewayConfig: GatewayConfigInput = {
  providers: {
    bedrock: { type: "simulated", quality: 0.99, models: { "nova-micro": cheap } },
    google: { type: "simulated", quality: 0.99, models: { "gemini-flash": cheap } },
    meta: { type: "simulated", quality: 0.97, models: { "llama-8b": cheap } },
  },
  // About what models of these kinds cost; nobody is billed for a simulation.
  prices: {
    "claude-sonnet": { inputMicroUsdPerMillion: 3_000_000, outputMicroUsdPerMillion: 15_000_000 },
    "gemini-pro": { inputMicroUsdPerMillion: 1_250_000, outputMicroUsdPerMillion: 10_000_000 },
    "gemini-flash": { inputMicroUsdPerMillion: 300_000, outputMicroUsdPerMillion: 2_500_000 },
    "nova-micro": { inputMicroUsdPerMillion: 35_000, outputMicroUsdPerMillion: 140_000 },
    "llama-8b": { inputMicroUsdPerMillion: 50_000, outputMicroUsdPerMillion: 80_000 },
  },
  routes: {
    chat: {
      models: [
        { provider: "bedrock", model: "claude-sonnet", tier: "strong" },
        { provider: "google", model: "gemini-pro", tier: "strong" },
        { provider: "bedrock", model: "nova-micro", tier: "cheap" },
        { provider: "meta", model: "llama-8b", tier: "cheap" },
      ],
    },
    gemini: {
      models: [
        { provider: "google", model: "gemini-pro", tier: "strong" },
        { provider: "bedrock", model: "claude-sonnet", tier: "strong" },
        { provider: "google", model: "gemini-flash", tier: "cheap" },
        { provider: "bedrock", model: "nova-micro", tier: "cheap" },
      ],
    },
  },
};
