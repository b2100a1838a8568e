/** The gateway's addresses on node:http: who may call them, and which part answers. */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { DimmerError } from "@dimmer/spec/errors";
import { answerAdmin } from "./admin.ts";
import { findToken, readBearer } from "./bearer-token.ts";
import { answerChat } from "./chat-completions.ts";
import type { HttpParts } from "./http-parts.ts";
import { openAiErrorBody } from "./openai-error.ts";
import { prometheusContentType, prometheusText } from "./prometheus-text.ts";
import { readRequestBody } from "./request-body.ts";
import { writeBytes, writeError, writeJson } from "./response-writer.ts";

/** What a client may choose as its request id; anything else gets a new one. */
const requestIdPattern = /^[\w.:-]{1,128}$/;

export function createHttpServer(parts: HttpParts): Server {
  const { limits } = parts.config;
  const keyHashes = parts.config.apiKeys.map((key) => Buffer.from(key.sha256, "hex"));
  const server = createServer(
    {
      noDelay: true,
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      keepAliveTimeout: 65_000,
      // How late a slow client is noticed at most.
      connectionsCheckingInterval: Math.max(100, Math.min(limits.headersTimeoutMs, limits.requestTimeoutMs) / 4),
    },
    (request, response) => {
      const requestId = readRequestId(request) ?? parts.ids();
      answer(parts, keyHashes, { request, response, requestId }).catch((error: unknown) => {
        parts.log.error({ requestId, err: error }, "A request failed in the gateway.");
        if (response.headersSent) response.destroy();
        else writeError(response, { "x-request-id": requestId }, DimmerError.from(error));
      });
    },
  );
  server.on("clientError", answerClientError);
  return server;
}

interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

async function answer(parts: HttpParts, keyHashes: readonly Buffer[], exchange: HttpExchange): Promise<void> {
  const { request, response } = exchange;
  const url = request.url ?? "/";
  const query = url.indexOf("?");
  const path = query === -1 ? url : url.slice(0, query);
  switch (`${request.method} ${path}`) {
    case "POST /v1/chat/completions":
    case "POST /chat/completions":
      return chat(parts, keyHashes, exchange);
    case "GET /v1/models":
    case "GET /models":
      return models(parts, keyHashes, exchange);
    case "GET /healthz":
      return writeJson(response, 200, {}, { ok: true });
    case "GET /readyz":
      return readiness(parts, response);
    case "GET /metrics":
      return writeBytes(response, 200, { "content-type": prometheusContentType }, metrics(parts));
    default:
      if (path.startsWith("/admin/")) return answerAdmin(parts, request, response, path);
      return writeError(
        response,
        headersOf(exchange),
        new DimmerError("not_found", `There is nothing at ${request.method} ${path}.`),
      );
  }
}

async function chat(parts: HttpParts, keyHashes: readonly Buffer[], exchange: HttpExchange): Promise<void> {
  const { request, response, requestId } = exchange;
  const { clock } = parts.chat.callers;
  const startedMs = clock.elapsedMs();
  const refusal = refuseCaller(parts, keyHashes, request) ?? refuseBody(request);
  if (refusal !== undefined) return refuse(parts, exchange, refusal);
  const read = await readRequestBody(request, parts.config.limits.bodyBytes);
  if (!read.ok) return refuse(parts, exchange, read.error);
  await answerChat(parts.chat, { requestId, headers: request.headers, body: read.body, response, startedMs });
}

function models(parts: HttpParts, keyHashes: readonly Buffer[], exchange: HttpExchange): void {
  const refusal = refuseCaller(parts, keyHashes, exchange.request);
  if (refusal !== undefined) return refuse(parts, exchange, refusal);
  const data = [...parts.chat.routes.keys()].map((id) => ({ id, object: "model", created: 0, owned_by: "dimmer" }));
  writeJson(exchange.response, 200, headersOf(exchange), { object: "list", data });
}

function refuse(parts: HttpParts, exchange: HttpExchange, error: DimmerError): void {
  parts.chat.measurements.refused(error.code);
  writeError(exchange.response, headersOf(exchange), error);
}

function headersOf(exchange: HttpExchange): Readonly<Record<string, string>> {
  return { "x-request-id": exchange.requestId };
}

/**
 * With keys configured, one of them is needed. Without, the gateway is open to programs on its own machine, but not to
 * web pages a browser there shows: those name their origin.
 */
function refuseCaller(
  parts: HttpParts,
  keyHashes: readonly Buffer[],
  request: IncomingMessage,
): DimmerError | undefined {
  if (parts.state.isClosing) return new DimmerError("shutting_down");
  if (keyHashes.length > 0) {
    const key = readBearer(request.headers);
    if (key === undefined) return new DimmerError("unauthenticated", "This gateway needs a key, and none was sent.");
    return findToken(key, keyHashes) === -1
      ? new DimmerError("unauthenticated", "This gateway does not know the key that was sent.")
      : undefined;
  }
  if (request.headers.origin === undefined || parts.config.allowAnonymous) return undefined;
  return new DimmerError("forbidden", "A gateway without apiKeys takes no requests from web pages.");
}

/** JSON must be named: web pages may send everything else without asking first. */
function refuseBody(request: IncomingMessage): DimmerError | undefined {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json\b/i.test(type)) {
    return new DimmerError("invalid_request", `The content type must be application/json, not '${type}'.`, {
      field: "content-type",
    });
  }
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding === "identity") return undefined;
  return new DimmerError("invalid_request", `The body must not be encoded, and this one is '${encoding}'.`, {
    field: "content-encoding",
  });
}

function isReady(parts: HttpParts): boolean {
  return parts.state.isListening && !parts.state.isClosing && parts.chat.callers.gate.switches.status().isReady;
}

function readiness(parts: HttpParts, response: ServerResponse): void {
  const flags = parts.chat.callers.gate.switches.status();
  const ready = isReady(parts);
  const { source, version, ageMs, isStale } = flags;
  writeJson(
    response,
    ready ? 200 : 503,
    {},
    { ready, isClosing: parts.state.isClosing, flags: { isReady: flags.isReady, source, version, ageMs, isStale } },
  );
}

function metrics(parts: HttpParts): string {
  const {
    chat: { callers, measurements, running, shadows },
  } = parts;
  return prometheusText(measurements.snapshot(), {
    inFlight: running.count,
    shadowsRunning: shadows?.running ?? 0,
    isReady: isReady(parts),
    flags: callers.gate.switches.status(),
  });
}

function readRequestId(request: IncomingMessage): string | undefined {
  const id = request.headers["x-request-id"];
  return typeof id === "string" && requestIdPattern.test(id) ? id : undefined;
}

/** Requests that are no HTTP, or too slow, or too long in their headers, never reach the handler. */
function answerClientError(error: Error & { readonly code?: string }, socket: Duplex): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const [status, message] = clientFault(error.code);
  const body = JSON.stringify(openAiErrorBody(new DimmerError("invalid_request", message)));
  socket.end(
    `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function clientFault(code: string | undefined): readonly [status: string, message: string] {
  switch (code) {
    case "HPE_HEADER_OVERFLOW":
      return ["431 Request Header Fields Too Large", "The request's headers are too large."];
    case "ERR_HTTP_REQUEST_TIMEOUT":
      return ["408 Request Timeout", "The request did not come in time."];
    default:
      return ["400 Bad Request", "This is not an HTTP request."];
  }
}
