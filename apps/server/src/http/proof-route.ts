/** The server's proof that it runs out of its folder, for clients that are about to send that folder's token. */
import { isProofNonce, proofPath, proveServer } from "@dimmer/api-client/server-proof";
import { DimmerError } from "@dimmer/spec/errors";
import type { FastifyInstance } from "fastify";

/** Mounts it. `secret` is the folder's admin token; `url` is where the server listens, as its folder says it. */
export function registerProofRoute(app: FastifyInstance, secret: string, url: () => string): void {
  app.get<{ Querystring: { readonly nonce?: unknown } }>(proofPath, async ({ query }) => {
    if (!isProofNonce(query.nonce))
      throw new DimmerError("invalid_request", "query/nonce: a proof is asked for with a nonce of 64 hex digits.");
    return { proof: proveServer(secret, url(), query.nonce) };
  });
}
