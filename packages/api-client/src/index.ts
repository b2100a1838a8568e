/** Typed client of the control plane. Runs in Node and in browsers; loads no zod. */
export { createApiClient } from "./api-client.ts";
export type { ApiClient, ApiClientOptions, CallableRoute, RouteMethods } from "./api-client.ts";
export type { RequestOf, ResponseOf } from "./call.ts";
export type { ServerAddress } from "./server-address.ts";
export type { FollowStreamOptions, StreamState } from "./follow-stream.ts";
export { systemClock } from "./clock.ts";
export type { Clock } from "./clock.ts";
export { createEventParser } from "./event-parser.ts";
export type { EventParser, ServerSentEvent } from "./event-parser.ts";
