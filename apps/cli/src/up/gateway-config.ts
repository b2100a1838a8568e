/** The gateway that runs when no configuration is given: the catalogue's three providers, simulated. */

/** Routes `chat` (bedrock first) and `gemini` (google first), each with a cheap model for v2 and fallbacks. */
export const defaultGatewayConfig = {
  providers: {
    bedrock: { type: "simulated" },
    google: { type: "simulated" },
    meta: { type: "simulated" },
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
} as const;
