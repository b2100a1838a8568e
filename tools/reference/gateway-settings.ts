// What every setting of the gateway's configuration means. docs/configuration.md is made from it; the settings
// themselves and their defaults come from the gateway's own parser, so that none is missing and no default is old.

/** Settings a gateway may be configured with, by path; `*` stands for a name of one's own. Defaults are the parser's. */
export const gatewaySettings: Readonly<Record<string, string>> = {
  "providers.*.type":
    "`openai`: any OpenAI-compatible address; `simulated`: computes simple answers by itself. (`recorded` answers from records; it is configured in code.)",
  "providers.*.baseUrl": "openai: the address, up to and without `/chat/completions`; required",
  "providers.*.apiKeyEnv":
    "openai: name of the environment variable that holds the API key; absent for servers that need none",
  "providers.*.headers": "openai: headers sent with every call",
  "providers.*.asksForUsage": "openai: ask for token counts at the end of streams",
  "providers.*.connectTimeoutMs": "openai: for a connection to be made",
  "providers.*.latency.p50Ms": "simulated: half of the answers take less",
  "providers.*.latency.p95Ms": "simulated: 95 % of the answers take less",
  "providers.*.errorRate": "simulated: share of calls answered with status 500, 0 to 1",
  "providers.*.quality": "simulated: share of checkable tasks answered correctly, 0 to 1",
  "providers.*.faultRates.timeout": "simulated: share of calls that never begin to answer",
  "providers.*.faultRates.refusal": "simulated: share of calls refused with status 429",
  "providers.*.faultRates.cutStream": "simulated: share of answers that break off in the middle",
  "providers.*.faultRates.malformed": "simulated: share of answers that are not JSON",
  "providers.*.models": "simulated: models that behave differently, by name, with the settings above",
  "providers.*.seed": "simulated: a number with which answers, latencies and faults repeat",
  "routes.*.models.*.provider": "a provider's name; required. The models of a route stand in order of priority",
  "routes.*.models.*.model": "the model's name at that provider; required",
  "routes.*.models.*.tier": "`cheap` models are asked first by v2, `strong` ones when verification fails",
  "prices.*.inputMicroUsdPerMillion":
    "micro-USD for a million input tokens of a model, or of `provider/model`; required in a price",
  "prices.*.outputMicroUsdPerMillion": "the same for output tokens; required in a price",
  "prices.*.asOf": "the day the price was looked up",
  "retry.attempts": "calls to one model before the next one is asked",
  "retry.baseDelayMs": "wait before the second call; doubled for each that follows, with jitter",
  "retry.maxDelayMs": "longest wait between two calls",
  "timeouts.headersMs": "for a provider to begin its answer",
  "timeouts.stallMs": "for the next part of a stream",
  "timeouts.deadlineMs": "for a request with all its calls",
  "limits.concurrentRequests":
    "chat requests at a time; what comes beyond is refused with `overloaded` and `Retry-After`",
  "limits.bodyBytes": "largest request body",
  "limits.headerBytes": "all headers of a request together",
  "limits.headersTimeoutMs": "for a client to send its headers",
  "limits.requestTimeoutMs": "for a client to send its whole request",
  "limits.readTimeoutMs": "for a client to read on in an answer that is complete; then its connection is closed",
  "shadow.concurrency": "shadow requests at a time; what comes beyond is dropped and counted",
  "apiKeys.*.name": "whose key it is; shown in logs",
  "apiKeys.*.sha256":
    "SHA-256 of a key callers may use, in hex. Without keys, anybody who reaches the gateway may call",
  allowAnonymous: "whether a gateway without keys may listen beyond loopback",
};
