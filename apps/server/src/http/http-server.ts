/** The HTTP surface: Fastify, errors in one shape, security headers. What it serves is registered by its callers. */
import { DimmerError, errorTable } from "@dimmer/spec/errors";
import { fastify, type FastifyError, type FastifyInstance, type FastifyRequest } from "fastify";
import type { Log } from "../log.ts";
import { assertLocalRequest } from "./host-guard.ts";

export interface HttpServerOptions {
  readonly log: Log;
  /** Answer only to the names of this machine. */
  readonly isLocalOnly: boolean;
  /** Origins whose pages may speak to a server of this machine all the same. @defaultValue none */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** @defaultValue 4 MiB */
  readonly bodyLimitBytes?: number | undefined;
}

export const defaultBodyLimitBytes = 4 * 1024 * 1024;

/** The dashboard needs its own script and style files and the API; a page that frames it or a script from elsewhere gets nothing. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const securityHeaders = {
  "content-security-policy": contentSecurityPolicy,
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** A server without routes; its caller says what becomes of unknown addresses. */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
  const bodyLimit = options.bodyLimitBytes ?? defaultBodyLimitBytes;
  const app = fastify({
    logger: false,
    bodyLimit,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength },
    // Addresses that the router cannot read reach no hook and no error handler.
    frameworkErrors: (error, _request, reply) => {
      const refused = new DimmerError("invalid_request", describeUnreadable(error), {}, { cause: error });
      reply.raw.writeHead(refused.definition.status, { ...securityHeaders, "content-type": "application/json" });
      reply.raw.end(JSON.stringify(refused.toBody()));
    },
  });

  // Not async, as all that is done for every request of OFREP: a promise costs as much as the work.
  app.addHook("onRequest", (request, reply, done) => {
    reply.headers(securityHeaders);
    if (options.isLocalOnly) assertLocalRequest(request.headers, options.allowedOrigins);
    done();
  });

  app.setErrorHandler((thrown, request, reply) => {
    const error = toDimmerError(thrown, bodyLimit);
    const { status, kind } = error.definition;
    // The path only: a query never carries a secret here, but nothing is gained by logging it.
    if (kind === "internal" || error.code === "storage_unavailable") {
      options.log.error(
        {
          error: error.cause ?? error,
          code: error.code,
          requestId: request.id,
          method: request.method,
          path: pathOf(request.url),
        },
        error.message,
      );
    }
    if (error.code === "unauthenticated") void reply.header("www-authenticate", "Bearer");
    const details = kind === "internal" ? { requestId: request.id } : error.details;
    void reply.status(status).send(new DimmerError(error.code, error.message, details).toBody());
  });
  return app;
}

/** The longest name in an address: a flag key may be as long. */
const maxParamLength = 512;

function describeUnreadable({ code }: FastifyError): string {
  return code === "FST_ERR_MAX_PARAM_LENGTH"
    ? `A name in the address is longer than ${maxParamLength} characters.`
    : "The address cannot be read: what follows a '%' has to be two hex digits of UTF-8.";
}

/** What every unknown address is answered with. */
export function notFound(request: FastifyRequest): DimmerError {
  return new DimmerError("not_found", `There is nothing at ${request.method} ${pathOf(request.url)}.`);
}

/** An address without its query. */
export function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? url;
}

/** Fastify's own refusals in Dimmer's words. */
export function toDimmerError(thrown: unknown, bodyLimit: number): DimmerError {
  if (DimmerError.is(thrown) || !isFastifyError(thrown)) return DimmerError.from(thrown);
  if (thrown.code === "FST_ERR_CTP_BODY_TOO_LARGE") {
    return new DimmerError(
      "body_too_large",
      `The request body is larger than ${bodyLimit} bytes.`,
      { limitBytes: bodyLimit },
      { cause: thrown },
    );
  }
  if (thrown.statusCode !== undefined && thrown.statusCode >= 400 && thrown.statusCode < 500) {
    return new DimmerError(
      "invalid_request",
      `${errorTable.invalid_request.summary} ${thrown.message}`,
      {},
      { cause: thrown },
    );
  }
  return DimmerError.from(thrown);
}

function isFastifyError(thrown: unknown): thrown is FastifyError {
  return thrown instanceof Error && "code" in thrown;
}
