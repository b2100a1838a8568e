/** An OpenAI-compatible server that does what a test tells it, on loopback. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";

/** How one request is met. */
export type Behaviour = (response: ServerResponse, request: UpstreamRequest) => void;

export interface UpstreamRequest {
  readonly body: Record<string, unknown>;
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  /** Resolves when the gateway has dropped the connection or the answer is complete. */
  readonly closed: Promise<void>;
}

export interface FakeUpstream {
  readonly baseUrl: string;
  readonly requests: UpstreamRequest[];
  /** Resolves with the next request that comes in. */
  nextRequest(): Promise<UpstreamRequest>;
  /** Meets the following requests one by one, the last behaviour for all that come after. */
  will(...behaviours: readonly Behaviour[]): void;
  close(): Promise<void>;
}

export async function startFakeUpstream(): Promise<FakeUpstream> {
  const requests: UpstreamRequest[] = [];
  let behaviours: readonly Behaviour[] = [answers("hello")];
  let waiting: ((request: UpstreamRequest) => void)[] = [];
  const server = createServer((request, response) => {
    void readJson(request).then((body) => {
      const closed = once(response, "close").then(() => undefined);
      const seen = { body, headers: request.headers, path: request.url ?? "", closed };
      requests.push(seen);
      const [behaviour = answers("hello"), ...rest] = behaviours;
      if (rest.length > 0) behaviours = rest;
      behaviour(response, seen);
      for (const resolve of waiting.splice(0)) resolve(seen);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port.");
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    requests,
    nextRequest: () => new Promise((resolve) => (waiting = [...waiting, resolve])),
    will(...next) {
      behaviours = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readJson(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString("utf8")) as Record<string, unknown>;
}

export const defaultUsage = { prompt_tokens: 1000, completion_tokens: 500, total_tokens: 1500 };

/** A whole answer, in a layout of its own so that a test can see its bytes pass untouched. */
export function completionText(text: string, usage: object | undefined = defaultUsage): string {
  const choices = [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }];
  return JSON.stringify(
    { id: "up-1", object: "chat.completion", created: 1, model: "upstream", choices, usage },
    null,
    1,
  );
}

export function answers(text: string, usage?: object): Behaviour {
  return (response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(completionText(text, usage ?? defaultUsage));
  };
}

export function answersBytes(body: string): Behaviour {
  return (response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  };
}

export function answersStatus(
  status: number,
  body: object = { error: { message: "no" } },
  headers: Record<string, string> = {},
): Behaviour {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  };
}

/** Takes the request and says nothing. */
export const staysSilent: Behaviour = () => undefined;

export const breaksConnection: Behaviour = (response) => {
  response.destroy();
};

export function chunk(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ id: "up-1", object: "chat.completion.chunk", created: 1, model: "upstream", choices })}\n\n`;
}

export const roleChunk: string = chunk({ role: "assistant", content: "" });
export const finishChunk: string = chunk({}, "stop");
export const usageChunk: string = `data: ${JSON.stringify({ id: "up-1", object: "chat.completion.chunk", choices: [], usage: defaultUsage })}\n\n`;
export const doneChunk = "data: [DONE]\n\n";

/** What follows the pieces of a stream. */
export type StreamEnding = "end" | "break" | "stay";

export function streamsPieces(pieces: readonly string[], ending: StreamEnding = "end"): Behaviour {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
    for (const piece of pieces) response.write(piece);
    if (ending === "end") response.end();
    // Not before the pieces have left.
    if (ending === "break") setImmediate(() => response.destroy());
  };
}

/** A complete streamed answer. */
export function streams(...texts: readonly string[]): Behaviour {
  return streamsPieces([roleChunk, ...texts.map((content) => chunk({ content })), finishChunk, usageChunk, doneChunk]);
}
