/** What is done once a caller has got their answer: it is counted, observed for the rollout, and shown to the shadow. */
import type { DimmerError } from "@dimmer/spec/errors";
import type { CallOrigin } from "../admission/call-origin.ts";
import type { CallLedger } from "../calls/call-ledger.ts";
import type { Measurements } from "../measurements/measurements.ts";
import type { Log } from "../ports/log.ts";
import { gatewayFlags } from "../ports/switches.ts";
import type { Switches } from "../ports/switches.ts";
import type { ChatRequest } from "../protocol/chat-request.ts";
import { isOwnFault } from "../protocol/openai-error.ts";
import type { Assignment, Routers } from "../routing/assignment.ts";
import type { ShadowRunner } from "./shadow-runner.ts";

/** A request a router has answered. */
export interface AnsweredRequest {
  readonly requestId: string;
  readonly origin: CallOrigin;
  readonly request: ChatRequest;
  readonly assignment: Assignment;
  readonly ledger: CallLedger;
  /** Until the last byte of the answer. */
  readonly latencyMs: number;
  /** What the caller got instead of an answer, or in the middle of one. */
  readonly error: DimmerError | undefined;
  /** What the answer said. */
  readonly text: string;
}

export interface SettlementParts {
  readonly log: Log;
  readonly switches: Switches;
  readonly routers: Routers;
  readonly measurements: Measurements;
  /** Absent without a v2 router. */
  readonly shadows: ShadowRunner | undefined;
}

export function settleRequest(parts: SettlementParts, answered: AnsweredRequest): void {
  const { error, ledger, latencyMs } = answered;
  const isError = error !== undefined && isOwnFault(error);
  const variant = answered.assignment.router.name;
  parts.measurements.finished({ variant, result: error?.code ?? "ok", isError, latencyMs, totals: ledger });
  observe(parts.switches, answered, isError);
  if (isError) logError(parts.log, answered, error);
  if (error === undefined) offerShadow(parts, answered);
}

function observe(switches: Switches, { assignment, ledger, latencyMs }: AnsweredRequest, isError: boolean): void {
  if (assignment.observedVariant === undefined) return;
  switches.observe({
    flag: gatewayFlags.exposure,
    variant: assignment.observedVariant,
    setVersion: assignment.flagVersion,
    latencyMs,
    isError,
    inputTokens: ledger.inputTokens,
    outputTokens: ledger.outputTokens,
    ...(ledger.unpricedCalls === 0 ? { costMicroUsd: ledger.costMicroUsd } : {}),
  });
}

/** Drawn per request, not per user: the shadow shall see a fair sample of v1's traffic. */
function offerShadow(parts: SettlementParts, answered: AnsweredRequest): void {
  const { requestId, origin, request, ledger, latencyMs, text } = answered;
  if (parts.shadows === undefined || answered.assignment.router !== parts.routers.priority) return;
  if (!parts.switches.boolean(gatewayFlags.shadow, false, { ...origin.context, targetingKey: requestId })) return;
  parts.shadows.offer({ requestId, origin, request, served: { text, latencyMs, costMicroUsd: ledger.costMicroUsd } });
}

/** Names, never words: messages may quote the provider, and so the prompt. Only a defect is logged with its trace. */
function logError(log: Log, { requestId, origin, assignment }: AnsweredRequest, error: DimmerError): void {
  const { provider, model, status } = error.details;
  const variant = assignment.router.name;
  const details = { requestId, route: origin.route, variant, code: error.code, provider, model, status };
  if (error.code === "internal") log.error({ ...details, err: error.cause ?? error }, "A defect ended a request.");
  else log.warn(details, "A request ended in an error.");
}
