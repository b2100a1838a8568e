/** The AI data plane: an OpenAI-compatible gateway behind flags and kills. */
export { createGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
export { configError, parseGatewayConfig, type ConfigParse } from "./config/parse-config.ts";
export type { ConfigFault } from "./input/config-reader.ts";
export type {
  CallerKey,
  GatewayConfig,
  GatewayConfigInput,
  GatewayLimits,
  PriceInput,
  RouteModelInput,
} from "./config/gateway-config.ts";
export type { ProviderConfig, ProviderConfigInput } from "./providers/provider-config.ts";
export type { GatewayStatus } from "./addresses/admin.ts";
export type { Log } from "./ports/log.ts";
export type { Clock } from "./ports/clock.ts";
export type { FlagContext, FlagDetails, RequestObservation, Switches, SwitchesStatus } from "./ports/switches.ts";

// For routers
export type { ChatMessage, ChatRequest } from "./protocol/chat-request.ts";
export type {
  Caller,
  CallOutcome,
  Completion,
  CompletionStream,
  RouteAnswer,
  RouteModel,
  Router,
  RoutingRequest,
} from "./routing/router.ts";
export { priorityRouter } from "./routing/priority-router.ts";
export { finalAnswer } from "./chat/final-answer.ts";
export { costMicroUsd, listPrices, type Price, type PriceTable } from "./calls/prices.ts";
export { estimateTokens, type Usage } from "./protocol/usage.ts";

// For demonstrations and replays
export type { RecordedAnswers } from "./providers/recorded/recorded-provider.ts";
export type { SimulatedBehaviour, SimulatedSettings, SimulatedSettingsInput } from "./providers/simulated/settings.ts";
export { createArithmeticTask, type ArithmeticTask } from "./providers/simulated/arithmetic-task.ts";
