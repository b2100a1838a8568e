/** Answers one chat request: reads it, admits it, lets the router it is assigned to answer, counts what came of it. */
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { DimmerError } from "@dimmer/spec/errors";
import { admit } from "./admission.ts";
import type { Routes } from "./admission.ts";
import { encodeWholeAsStream } from "./answer-encoding.ts";
import { assignRouter } from "./assignment.ts";
import type { Assignment, Routers } from "./assignment.ts";
import type { CallOrigin } from "./call-gate.ts";
import { CallLedger } from "./call-ledger.ts";
import { createCaller } from "./caller.ts";
import type { CallerParts } from "./caller.ts";
import { parseChatRequest } from "./chat-request.ts";
import { readCompletion } from "./completion-body.ts";
import type { Log } from "./log.ts";
import type { Measurements } from "./measurements.ts";
import { isOwnFault } from "./openai-error.ts";
import { writeCompletion, writeError, writeStream, writeWholeStream } from "./response-writer.ts";
import type { Headers } from "./response-writer.ts";
import type { ChatRequest, RouteAnswer } from "./router.ts";
import type { RunningRequest, RunningRequests } from "./running-requests.ts";
import type { ShadowRunner } from "./shadow-runner.ts";
import { gatewayFlags } from "./switches.ts";

export interface ChatParts {
  readonly callers: CallerParts;
  readonly routes: Routes;
  readonly routers: Routers;
  /** Absent without a v2 router. */
  readonly shadows: ShadowRunner | undefined;
  readonly measurements: Measurements;
  readonly running: RunningRequests;
  readonly deadlineMs: number;
  readonly log: Log;
}

/** One request as it came in. */
export interface ChatExchange {
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly response: ServerResponse;
  /** On the clock's monotonic scale. */
  readonly startedMs: number;
}

/** What the caller got, for counting. */
interface Served {
  readonly error: DimmerError | undefined;
  readonly text: string;
}

export async function answerChat(parts: ChatParts, exchange: ChatExchange): Promise<void> {
  const { callers, measurements } = parts;
  const { switches } = callers.gate;
  const { requestId, response } = exchange;
  const identity = { "x-request-id": requestId };

  const parsed = parseChatRequest(exchange.body);
  if (!parsed.ok) {
    measurements.refused(parsed.error.code);
    return writeError(response, identity, parsed.error);
  }
  const { request, tools } = parsed;
  const origin = readOrigin(exchange, request, tools);
  const admission = admit(callers.gate, parts.routes, origin, request);
  if (!admission.ok) {
    measurements.refused(admission.error.code);
    return writeError(response, identity, admission.error);
  }

  const assignment = assignRouter(switches, parts.routers, origin.context);
  const isStreamAsked = request.stream === true;
  const wantsStream = isStreamAsked && switches.boolean(gatewayFlags.streaming, false, origin.context);
  const running = parts.running.begin(parts.deadlineMs);
  const ledger = new CallLedger();
  const caller = createCaller(callers, { origin, isOnlyModel: admission.models.length === 1, signal: running.signal, ledger });
  response.once("close", () => {
    if (!response.writableFinished) running.abort(new DimmerError("request_aborted"));
  });
  try {
    const { signal } = running;
    const routing = { requestId, route: origin.route, request, models: admission.models, wantsStream, signal };
    const answer = await assignment.router.route(routing, caller).catch((error: unknown): RouteAnswer => {
      parts.log.error({ requestId, variant: assignment.router.name, err: error }, "The router failed.");
      return { type: "failed", error: DimmerError.from(error), steps: [] };
    });
    const headers = { ...identity, ...answerHeaders(origin, assignment, answer, ledger) };
    const served = await writeAnswer(response, headers, answer, isStreamAsked, running);
    caller.close();
    settle(parts, exchange, assignment, origin, request, ledger, served);
  } finally {
    running.end();
  }
}

async function writeAnswer(
  response: ServerResponse,
  headers: Headers,
  answer: RouteAnswer,
  isStreamAsked: boolean,
  running: RunningRequest,
): Promise<Served> {
  switch (answer.type) {
    case "failed":
      writeError(response, headers, answer.error);
      return { error: answer.error, text: "" };
    case "completion": {
      const { body } = answer.completion;
      if (!isStreamAsked) {
        writeCompletion(response, headers, body);
      } else {
        const reading = readCompletion(body);
        if (reading.ok) writeWholeStream(response, headers, encodeWholeAsStream(reading.body));
      }
      return { error: undefined, text: answer.completion.text() };
    }
    case "stream": {
      const error = await writeStream(response, headers, answer.stream.frames, running.signal);
      return { error, text: answer.stream.text() };
    }
  }
}

/** Counts a request that a router answered; afterwards its shadow may run. */
function settle(
  parts: ChatParts,
  exchange: ChatExchange,
  assignment: Assignment,
  origin: CallOrigin,
  request: ChatRequest,
  ledger: CallLedger,
  served: Served,
): void {
  const { callers, shadows } = parts;
  const { switches, } = callers.gate;
  const latencyMs = callers.clock.elapsedMs() - exchange.startedMs;
  const { error } = served;
  const isError = error !== undefined && isOwnFault(error);
  parts.measurements.finished({ variant: assignment.router.name, result: error?.code ?? "ok", isError, latencyMs, totals: ledger });
  if (assignment.observedVariant !== undefined) {
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
  if (shadows === undefined || error !== undefined || assignment.router !== parts.routers.priority) return;
  // Drawn per request, not per user: the shadow shall see a fair sample of the traffic.
  if (!switches.boolean(gatewayFlags.shadow, false, { ...origin.context, targetingKey: exchange.requestId })) return;
  const { costMicroUsd } = ledger;
  shadows.offer({ requestId: exchange.requestId, origin, request, served: { text: served.text, latencyMs, costMicroUsd } });
}

/** Who asks: the user is OpenAI's `user` field or the header x-dimmer-user; tenant and region come in headers. */
function readOrigin(exchange: ChatExchange, request: ChatRequest, tools: readonly string[]): CallOrigin {
  const header = (name: string): string | undefined => {
    const value = exchange.headers[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const user = request.user ?? header("x-dimmer-user");
  const tenant = header("x-dimmer-tenant");
  const region = header("x-dimmer-region");
  const context = {
    targetingKey: user === undefined || user === "" ? exchange.requestId : user,
    route: request.model,
    ...(tenant === undefined ? {} : { tenant }),
    ...(region === undefined ? {} : { region }),
  };
  return { route: request.model, tenant, tools, context };
}

/** What an operator wants to know of an answer. Cost of a stream is not known when its headers leave. */
function answerHeaders(origin: CallOrigin, assignment: Assignment, answer: RouteAnswer, ledger: CallLedger): Headers {
  const shared = {
    "x-dimmer-route": origin.route,
    "x-dimmer-variant": assignment.router.name,
    "x-dimmer-flag-version": String(assignment.flagVersion),
    "x-dimmer-attempts": String(ledger.calls),
  };
  if (answer.type === "failed") return shared;
  const { model } = answer.type === "completion" ? answer.completion : answer.stream;
  const named = { ...shared, "x-dimmer-provider": model.provider, "x-dimmer-model": model.model };
  if (answer.type === "stream") return named;
  return { ...named, "x-dimmer-cost-usd": ledger.unpricedCalls > 0 ? "unknown" : (ledger.costMicroUsd / 1e6).toFixed(6) };
}
