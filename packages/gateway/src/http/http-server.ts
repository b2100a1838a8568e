/** The gateway on node:http: gives every request its id, finds its address, and answers what is no HTTP. */
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { DimmerError } from "@dimmer/spec/errors";
import type { GatewayLimits } from "../config/gateway-config.ts";
import { shorten } from "../input/shorten.ts";
import type { Log } from "../ports/log.ts";
import { openAiErrorBody } from "../protocol/openai-error.ts";
import type { Address, Addresses, HttpExchange } from "./address.ts";
import { writeEmpty, writeError } from "./response-writer.ts";

/** What a client may choose as its request id; anything else gets a new one. */
const requestIdPattern = /^[\w.:-]{1,128}$/;

export interface HttpServerParts {
  readonly addresses: Addresses;
  readonly limits: GatewayLimits;
  /** Makes the ids of requests that bring none. */
  readonly ids: () => string;
  readonly log: Log;
}

export function createHttpServer(parts: HttpServerParts): Server {
  const { addresses, limits } = parts;
  const lastOn = new WeakMap<Duplex, ServerResponse>();
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
      response.setHeader("x-request-id", requestId);
      const { socket } = request;
      lastOn.set(socket, response);
      // While an answer is being made the caller owes nothing; once it is said in full, they owe to read on.
      socket.setTimeout(0);
      response.once("prefinish", () => {
        if (lastOn.get(socket) === response) socket.setTimeout(limits.readTimeoutMs);
      });
      answer(addresses, { request, response, requestId }).catch((error: unknown) => {
        parts.log.error({ requestId, err: error }, "A request failed in the gateway.");
        if (response.headersSent) response.destroy();
        else writeError(response, DimmerError.from(error));
      });
    },
  );
  server.on("clientError", (error, socket) => answerClientError(error, socket, lastOn.get(socket), parts.ids()));
  return server;
}

async function answer(addresses: Addresses, exchange: HttpExchange): Promise<void> {
  const { request, response } = exchange;
  const { method = "", url = "/" } = request;
  const address = addresses.find(url);
  if (address === undefined) {
    const message = `There is nothing at ${shorten(url)}. This gateway answers at ${addresses.list}.`;
    return writeError(response, new DimmerError("not_found", message));
  }
  const answerIt = isAnswered(address, method) ? address[method] : method === "HEAD" ? address.GET : undefined;
  if (answerIt !== undefined) return answerIt(exchange);
  const allow = { allow: allowedMethods(address) };
  if (method === "OPTIONS") return writeEmpty(response, 204, allow);
  const message = `${shorten(url)} does not answer ${method}.`;
  writeError(response, new DimmerError("method_not_allowed", message), allow);
}

function isAnswered(address: Address, method: string): method is keyof Address {
  return Object.hasOwn(address, method);
}

function allowedMethods(address: Address): string {
  const methods = Object.keys(address);
  return [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
}

function readRequestId(request: IncomingMessage): string | undefined {
  const id = request.headers["x-request-id"];
  return typeof id === "string" && requestIdPattern.test(id) ? id : undefined;
}

/** Requests that are no HTTP, or too slow, or too long in their headers, never reach the handler. */
function answerClientError(
  error: Error & { readonly code?: string },
  socket: Duplex,
  last: ServerResponse | undefined,
  requestId: string,
): void {
  // Whoever is in the middle of an answer must not find an error where its next bytes should be.
  const isAnswering = last?.headersSent === true && !(last.writableFinished && last.req.complete);
  if (!socket.writable || isAnswering) {
    socket.destroy();
    return;
  }
  const [status, message] = clientFault(error.code);
  const body = JSON.stringify(openAiErrorBody(new DimmerError("invalid_request", message)));
  const headers = [
    `HTTP/1.1 ${status}`,
    "connection: close",
    "content-type: application/json",
    `content-length: ${Buffer.byteLength(body)}`,
    `x-request-id: ${requestId}`,
  ];
  socket.end(`${headers.join("\r\n")}\r\n\r\n${body}`);
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
