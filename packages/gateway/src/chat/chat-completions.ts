/** Answers one chat request: reads it, admits it, and lets the router it is assigned to answer. */
import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { DimmerError } from "@dimmer/spec/errors";
import { admit } from "../admission/admission.ts";
import type { Routes } from "../admission/admission.ts";
import { readOrigin } from "../admission/call-origin.ts";
import { CallLedger } from "../calls/call-ledger.ts";
import { createCaller } from "../calls/caller.ts";
import type { CallerParts } from "../calls/caller.ts";
import { writeCompletion, writeError, writeStream, writeWholeStream } from "../http/response-writer.ts";
import type { Headers } from "../http/response-writer.ts";
import type { Measurements } from "../measurements/measurements.ts";
import type { Log } from "../ports/log.ts";
import { gatewayFlags } from "../ports/switches.ts";
import { encodeWholeAsStream } from "../protocol/answer-encoding.ts";
import { parseChatRequest } from "../protocol/chat-request.ts";
import { readCompletion } from "../protocol/completion-body.ts";
import { assignRouter } from "../routing/assignment.ts";
import type { Assignment, Routers } from "../routing/assignment.ts";
import type { RouteAnswer } from "../routing/router.ts";
import type { RunningRequests } from "./running-requests.ts";
import { settleRequest } from "./settle-request.ts";
import type { ShadowRunner } from "./shadow-runner.ts";

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

export async function answerChat(parts: ChatParts, exchange: ChatExchange): Promise<void> {
  const { callers } = parts;
  const { gate, clock } = callers;
  const { requestId, response } = exchange;

  const parsed = parseChatRequest(exchange.body);
  if (!parsed.ok) return refuse(parts, exchange, parsed.error);
  const { request } = parsed;
  const origin = readOrigin(exchange, request, parsed.tools);
  const admission = admit(gate, parts.routes, origin, request);
  if (!admission.ok) return refuse(parts, exchange, admission.error);
  const { models } = admission;

  const assignment = assignRouter(gate.switches, parts.routers, origin.context);
  const isStreamAsked = request.stream === true;
  const wantsStream = isStreamAsked && gate.switches.boolean(gatewayFlags.streaming, false, origin.context);
  const running = parts.running.begin(parts.deadlineMs);
  const { signal } = running;
  response.once("close", () => {
    if (!response.writableFinished) running.abort(new DimmerError("request_aborted"));
  });
  const ledger = new CallLedger();
  const caller = createCaller(callers, { origin, isOnlyModel: models.length === 1, signal, ledger });
  try {
    const { router } = assignment;
    const routing = { requestId, route: origin.route, request, models, wantsStream, signal };
    const answer = await router.route(routing, caller).catch(answerDefect);
    const headers = answerHeaders(origin.route, assignment, answer, ledger);
    const written = await writeAnswer(answer, { response, headers, isStreamAsked, signal });
    const latencyMs = clock.elapsedMs() - exchange.startedMs;
    const { switches } = gate;
    settleRequest({ ...parts, switches }, { requestId, origin, request, assignment, ledger, latencyMs, ...written });
  } finally {
    caller.close();
    running.end();
  }
}

function refuse(parts: ChatParts, exchange: ChatExchange, error: DimmerError): void {
  parts.measurements.refused(error.code);
  writeError(exchange.response, error);
}

/** A router that throws is at fault, whatever it throws. */
function answerDefect(error: unknown): RouteAnswer {
  return { type: "failed", error: DimmerError.from(error), steps: [] };
}

interface AnswerTarget {
  readonly response: ServerResponse;
  readonly headers: Headers;
  readonly isStreamAsked: boolean;
  readonly signal: AbortSignal;
}

/** What the caller got. */
interface WrittenAnswer {
  readonly error: DimmerError | undefined;
  readonly text: string;
}

async function writeAnswer(answer: RouteAnswer, target: AnswerTarget): Promise<WrittenAnswer> {
  const { response, headers } = target;
  switch (answer.type) {
    case "failed":
      writeError(response, answer.error, headers);
      return { error: answer.error, text: "" };
    case "stream": {
      const error = await writeStream(response, headers, answer.stream.frames, target.signal);
      return { error, text: answer.stream.text() };
    }
    case "completion": {
      const { body } = answer.completion;
      const text = answer.completion.text();
      if (!target.isStreamAsked) {
        writeCompletion(response, headers, body);
        return { error: undefined, text };
      }
      const reading = readCompletion(body);
      if (reading.ok) {
        writeWholeStream(response, headers, encodeWholeAsStream(reading.body));
        return { error: undefined, text };
      }
      // The caller has read every provider's body before; only a router that makes up its own can come here.
      const error = new DimmerError("internal", `The router ${reading.problem}.`);
      writeError(response, error, headers);
      return { error, text: "" };
    }
  }
}

/** What an operator wants to know of an answer. Cost of a stream is not known when its headers leave. */
function answerHeaders(route: string, assignment: Assignment, answer: RouteAnswer, ledger: CallLedger): Headers {
  const shared = {
    "x-dimmer-route": route,
    "x-dimmer-variant": assignment.router.name,
    "x-dimmer-flag-version": String(assignment.flagVersion),
    "x-dimmer-attempts": String(ledger.calls),
  };
  if (answer.type === "failed") return shared;
  const { model } = answer.type === "completion" ? answer.completion : answer.stream;
  const named = { ...shared, "x-dimmer-provider": model.provider, "x-dimmer-model": model.model };
  if (answer.type === "stream") return named;
  return {
    ...named,
    "x-dimmer-cost-usd": ledger.unpricedCalls > 0 ? "unknown" : (ledger.costMicroUsd / 1e6).toFixed(6),
  };
}
