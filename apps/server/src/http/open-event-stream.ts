/** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html): an answer that stays open. */
import type { ServerResponse } from "node:http";
import type { FastifyReply } from "fastify";

/** Takes the answer out of Fastify's hands, with the headers set so far, and sends what comes first. */
export function openEventStream(reply: FastifyReply, beginning: string): ServerResponse {
  reply.hijack();
  const response = reply.raw;
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) response.setHeader(name, value);
  response.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    // Proxies such as nginx would otherwise keep events back.
    "x-accel-buffering": "no",
  });
  // A connection that breaks is closed; there is nobody left to tell.
  response.on("error", () => response.destroy());
  response.write(beginning);
  return response;
}
