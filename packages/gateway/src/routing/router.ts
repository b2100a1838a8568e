/**
 * The Router port: who answers a request, by which calls, in which order. The gateway admits a request, chooses a
 * router by flags, and hands it a `Caller`; every call goes through that caller, which checks kills again, counts
 * cost and time, and cannot be bypassed. The gateway ships `priority` (v1); the orchestrator is another (v2).
 */
import type { DimmerError } from "@dimmer/spec/errors";
import type { ChatRequest } from "../protocol/chat-request.ts";
import type { Usage } from "../protocol/usage.ts";

/** One model at one provider, as a route lists it. */
export interface RouteModel {
  readonly provider: string;
  readonly model: string;
  /** What it is good for: a cascade tries `cheap` models before `strong` ones. Default strong. */
  readonly tier: "cheap" | "strong";
}

/** A complete answer: the provider's bytes, and their parsed form when somebody needs it. */
export interface Completion {
  readonly model: RouteModel;
  /** The provider's response body, untouched: what v1 relays. */
  readonly body: Uint8Array;
  readonly usage: Usage;
  /** 0 for a model without a price; the gateway reports such calls as unpriced. */
  readonly costMicroUsd: number;
  readonly latencyMs: number;
  /** Text of the first choice; parsed on first use. */
  text(): string;
}

/** A stream whose first content frame has arrived: before that, faults can still be retried elsewhere; after it, not. */
export interface CompletionStream {
  readonly model: RouteModel;
  /**
   * Server-sent-event bytes from the first frame on, without the closing `[DONE]`, which the gateway writes. Ends
   * normally only when the provider's answer was complete; throws DimmerError stream_cut otherwise.
   */
  readonly frames: AsyncIterable<Uint8Array>;
  /** Text of the first choice, as far as it has been read. */
  text(): string;
}

/** What became of one call. */
export type CallOutcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly error: DimmerError;
      /** Whether another model may still answer: false when the request itself is at fault (provider_refused). */
      readonly mayTryElsewhere: boolean;
    };

/** Makes calls on behalf of one request. Checks kills before each, applies timeouts, counts usage and cost. Never throws. */
export interface Caller {
  complete(model: RouteModel, request: ChatRequest): Promise<CallOutcome<Completion>>;
  stream(model: RouteModel, request: ChatRequest): Promise<CallOutcome<CompletionStream>>;
}

/** One admitted request. */
export interface RoutingRequest {
  readonly requestId: string;
  readonly route: string;
  readonly request: ChatRequest;
  /** The route's models that may be called, in priority order. */
  readonly models: readonly RouteModel[];
  /** Whether the caller wants a stream and streaming is on. */
  readonly wantsStream: boolean;
  /** Aborted when the caller has gone or the deadline has passed. */
  readonly signal: AbortSignal;
}

/** What a router answers. `steps` says how it came to it, for headers, logs and the shadow comparison. */
export type RouteAnswer =
  | { readonly type: "completion"; readonly completion: Completion; readonly steps: readonly string[] }
  | { readonly type: "stream"; readonly stream: CompletionStream; readonly steps: readonly string[] }
  | { readonly type: "failed"; readonly error: DimmerError; readonly steps: readonly string[] };

/** Decides which calls answer a request. Implementations keep no state between requests. */
export interface Router {
  /** Short and stable: `v1`, `v2`; shown in headers and metrics. */
  readonly name: string;
  route(request: RoutingRequest, caller: Caller): Promise<RouteAnswer>;
}
