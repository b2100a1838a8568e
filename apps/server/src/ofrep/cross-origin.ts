/** Lets pages of named origins ask (CORS): a web application that evaluates flags is rarely served by the control plane. */
import type { FastifyInstance } from "fastify";

/** Registers the answers to a browser's questions for everything in `scope`. */
export function registerCrossOrigin(scope: FastifyInstance, allowedOrigins: readonly string[]): void {
  if (allowedOrigins.length === 0) return;
  const allowed = new Set(allowedOrigins);
  scope.addHook("onRequest", async ({ headers: { origin } }, reply) => {
    void reply.header("vary", "origin");
    if (origin === undefined || !allowed.has(origin)) return;
    void reply.headers({
      "access-control-allow-origin": origin,
      "access-control-expose-headers": "etag, retry-after",
      "cross-origin-resource-policy": "cross-origin",
    });
  });
  scope.options("/ofrep/v1/*", async (_request, reply) => {
    void reply.headers({
      "access-control-allow-methods": "POST, GET",
      "access-control-allow-headers":
        "authorization, content-type, flagd-selector, if-none-match, x-api-key, x-dimmer-environment",
      "access-control-max-age": "600",
    });
    return await reply.status(204).send();
  });
}
