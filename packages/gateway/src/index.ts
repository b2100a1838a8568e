/** The AI data plane: an OpenAI-compatible gateway behind flags and kills. */
export { createGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
export { configError, parseGatewayConfig, type ConfigParse } from "./parse-config.ts";
export type { ConfigFault } from "./config-reader.ts";
export type {
  CallerKey,
  GatewayConfig,
  GatewayConfigInput,
  GatewayLimits,
  PriceInput,
  ProviderConfig,
  ProviderConfigInput,
  RouteModelInput,
} from "./config.ts";
export type { GatewayStatus } from "./admin.ts";
export type { Log } from "./log.ts";
export type { Clock } from "./clock.ts";
export type { FlagContext, FlagDetails, RequestObservation, Switches, SwitchesStatus } from "./switches.ts";

// For routers
export type {
  Caller,
  CallOutcome,
  ChatMessage,
  ChatRequest,
  Completion,
  CompletionStream,
  RouteAnswer,
  RouteModel,
  Router,
  RoutingRequest,
  Usage,
} from "./router.ts";
export { priorityRouter } from "./priority-router.ts";
export { finalAnswer } from "./final-answer.ts";
export { costMicroUsd, listPrices, type Price, type PriceTable } from "./prices.ts";
export { estimateTokens } from "./usage.ts";

// For demonstrations and replays
export type { RecordedAnswers } from "./providers/recorded/recorded-provider.ts";
export type { SimulatedBehaviour, SimulatedSettings, SimulatedSettingsInput } from "./providers/simulated/settings.ts";
export { createArithmeticTask, type ArithmeticTask } from "./providers/simulated/arithmetic-task.ts";
