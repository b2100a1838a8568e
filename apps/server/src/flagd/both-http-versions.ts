/**
 * One port for both versions of HTTP without TLS, as flagd's own has: gRPC comes by HTTP/2, and whoever asks with curl
 * or a browser's fetch, by the Connect protocol in JSON, by HTTP/1.1. The first bytes tell them apart.
 */
import { createServer as createHttp1Server, type IncomingMessage, type ServerResponse } from "node:http";
import {
  createServer as createHttp2Server,
  type Http2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import { createServer, type Server } from "node:net";
import { DimmerError } from "@dimmer/spec/errors";
import { assertLocalRequest } from "../http/host-guard.ts";

type Handler = (request: IncomingMessage | Http2ServerRequest, response: ServerResponse | Http2ServerResponse) => void;

export interface BothHttpVersions {
  /** Listens. */
  readonly server: Server;
  /** Has the sessions; never listens itself. */
  readonly http2: Http2Server;
}

/** What every connection of HTTP/2 begins with (RFC 9113, 3.4), and no method of HTTP/1. */
const http2Beginning = "PRI";
/** How long a connection may take to say what it wants. */
const firstRequestMs = 10_000;

const responses = new WeakMap<IncomingMessage, ServerResponse>();

/** What a request that came by HTTP/1.1 is answered on. */
export function responseTo(request: IncomingMessage): ServerResponse | undefined {
  return responses.get(request);
}

/** `isLocalOnly` keeps pages of other sites out, which can only come by HTTP/1.1. */
export function createBothHttpVersions(handler: Handler, { isLocalOnly }: { isLocalOnly: boolean }): BothHttpVersions {
  const http2 = createHttp2Server(handler);
  const http1 = createHttp1Server((request, response) => {
    request.socket.setTimeout(0);
    responses.set(request, response);
    const refusal = isLocalOnly ? refusalOf(request) : undefined;
    if (refusal === undefined) handler(request, response);
    else refuse(response, refusal);
  });
  const server = createServer((socket) => {
    socket.setTimeout(firstRequestMs, () => socket.destroy());
    // Until somebody takes it over, a connection that breaks has nobody to tell.
    const ignore = (): void => undefined;
    socket.on("error", ignore);
    socket.once("readable", () => {
      const first: unknown = socket.read();
      if (!Buffer.isBuffer(first)) {
        socket.destroy();
        return;
      }
      socket.unshift(first);
      socket.off("error", ignore);
      const isHttp2 = first.toString("latin1", 0, http2Beginning.length) === http2Beginning;
      if (isHttp2) socket.setTimeout(0);
      (isHttp2 ? http2 : http1).emit("connection", socket);
    });
  });
  return { server, http2 };
}

function refusalOf({ headers }: IncomingMessage): DimmerError | undefined {
  try {
    assertLocalRequest(headers);
    return undefined;
  } catch (error) {
    return DimmerError.from(error);
  }
}

/** An error as the Connect protocol writes it. */
function refuse(response: ServerResponse, { message }: DimmerError): void {
  response.writeHead(403, { "content-type": "application/json", connection: "close" });
  response.end(JSON.stringify({ code: "permission_denied", message }));
}
