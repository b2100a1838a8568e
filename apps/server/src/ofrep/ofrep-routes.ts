/**
 * The OpenFeature Remote Evaluation Protocol, 0.3 (open-feature/protocol, service/openapi.yaml and event-streams.yaml):
 * flags answered one by one for servers, all at once for browsers and phones, and a stream that says when to ask again.
 */
import { evaluate, evaluateAll } from "@dimmer/engine";
import type { Token } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../clock.ts";
import { findEnvironment } from "../flagd/caller.ts";
import { parseSelector } from "../flagd/parse-selector.ts";
import type { ServedFlags, ServedFlagSet } from "../flags/served-flags.ts";
import { toDimmerError } from "../http/http-server.ts";
import type { Log } from "../log.ts";
import { hasScope } from "../tokens/scopes.ts";
import type { TokenService } from "../tokens/token-service.ts";
import { answerStatus, answerText } from "./answer-text.ts";
import { createEntityTags, holdsTag } from "./entity-tags.ts";
import { createEventStreams } from "./event-streams.ts";
import { parseContext } from "./parse-request.ts";
import { createRateLimit } from "./rate-limit.ts";
import { sendJson } from "./send-json.ts";
import { registerCrossOrigin } from "./cross-origin.ts";

/** How OFREP is served. */
export interface OfrepOptions {
  /** Requests a second that one token may send. @defaultValue 20,000 */
  readonly requestsPerSecond?: number | undefined;
  /** Origins whose pages may ask, such as `https://shop.example`. @defaultValue none but this server's own */
  readonly allowedOrigins?: readonly string[] | undefined;
}

export interface OfrepServices extends OfrepOptions {
  readonly served: ServedFlags;
  readonly tokens: Pick<TokenService, "authenticate" | "isValid" | "sign">;
  readonly requireEnvironment: (name: string) => void;
  readonly environments: () => readonly string[];
  readonly bodyLimitBytes: number;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who asks, and about which environment. */
interface Caller {
  readonly token: Token;
  readonly environment: string;
}

/** The property of a request that carries its caller from admission to the answer. */
const callerName = "ofrepCaller";
const defaultRequestsPerSecond = 20_000;
/** How long a hidden page keeps its stream. */
const inactivityDelaySec = 120;
const json = "application/json; charset=utf-8";

/** Mounts OFREP; the answer ends its streams. */
export function registerOfrep(app: FastifyInstance, services: OfrepServices): { close(): void } {
  const { served, tokens, requireEnvironment, clock, log } = services;
  const limit = createRateLimit(services.requestsPerSecond ?? defaultRequestsPerSecond);
  const tags = createEntityTags();
  const streams = createEventStreams({ served, tokens, clock });
  // Before the body is read: strangers cannot make the server read it.
  const admit = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const token = tokens.authenticate(authorizationOf(request));
    const environment = environmentOf(request, token, services);
    requireEnvironment(environment);
    request.setDecorator<Caller>(callerName, { token, environment });
    const waitMs = limit.take(token.id, clock.nowMs());
    if (waitMs === 0) return done();
    void reply.header("retry-after", Math.ceil(waitMs / 1000));
    return done(new DimmerError("rate_limited", `The token '${token.name}' asks more often than it may.`));
  };

  void app.register(async (scope) => {
    registerCrossOrigin(scope, services.allowedOrigins ?? []);
    scope.decorateRequest(callerName);
    scope.removeAllContentTypeParsers();
    // Parsed by the handlers: what is wrong with a body is told in the protocol's own words. JSON by its name too, for
    // what is found by name is found at once.
    for (const type of ["application/json", "*"])
      scope.addContentTypeParser(type, { parseAs: "string" }, (_request, body, done) => done(null, body));
    scope.setErrorHandler<FastifyError>((thrown, request, reply) => {
      const error = toDimmerError(thrown, services.bodyLimitBytes);
      if (error.definition.kind === "internal") {
        // By its pattern: the address of a stream is a secret.
        const route = request.routeOptions.url;
        log.error({ error: error.cause ?? error, requestId: request.id, route }, error.message);
      }
      if (error.code === "unauthenticated") void reply.header("www-authenticate", "Bearer");
      // A 404 says of a flag that there is none, so an environment there is none of is a wrong question.
      const status = error.code === "environment_not_found" ? 400 : error.definition.status;
      return reply.status(status).type(json).send(refusalText(error, request));
    });

    scope.post<{ Params: { key: string } }>("/ofrep/v1/evaluate/flags/:key", { onRequest: admit }, (request, reply) => {
      const { compiled } = served.current(callerOf(request).environment);
      const evaluation = evaluate(compiled, request.params.key, parseContext(bodyOf(request)), clock.nowMs());
      sendJson(reply, answerStatus(evaluation), answerText(evaluation));
    });

    const bulk = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
      const { token, environment } = callerOf(request);
      const body = bodyOf(request);
      const context = parseContext(body);
      const nowMs = clock.nowMs();
      const flagSet = served.current(environment);
      const tag = tags.tagOf(flagSet, nowMs, body);
      void reply.header("etag", tag);
      if (holdsTag(request.headers["if-none-match"], tag)) return await reply.status(304).send();
      const answers = evaluateAll(flagSet.compiled, context, nowMs).map((evaluation) => answerText(evaluation));
      return await reply.type(json).send(bulkText(answers, flagSet, streams.addressOf(token, environment)));
    };
    scope.post("/ofrep/v1/evaluate/flags", { onRequest: admit }, bulk);
    scope.post("/ofrep/v1/evaluate/flags/", { onRequest: admit }, bulk);

    scope.get<{ Params: { stream: string } }>("/ofrep/v1/events/:stream", (request, reply) => {
      streams.open(request.params.stream, request, reply);
    });
  });
  return streams;
}

function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(callerName);
}

function authorizationOf({ headers }: FastifyRequest): string | undefined {
  const key = headers["x-api-key"];
  return headers.authorization ?? (typeof key === "string" ? `Bearer ${key}` : undefined);
}

/** The token's own environment; else the one the request names, else `default`. */
function environmentOf(request: FastifyRequest, token: Token, services: OfrepServices): string {
  if (!hasScope(token, "read"))
    throw new DimmerError("forbidden", `The token '${token.name}' has not the scope 'read'.`);
  const header = request.headers["x-dimmer-environment"];
  // Fastify's query parser yields strings and lists of them.
  const { environment: parameter } = request.query as { readonly environment?: string | readonly string[] };
  const named = firstNamed(header) ?? selectedBy(request.headers["flagd-selector"], services) ?? firstNamed(parameter);
  if (token.environment === null || named === undefined || named === token.environment)
    return token.environment ?? named ?? "default";
  throw new DimmerError(
    "forbidden",
    `The token '${token.name}' is good for the environment '${token.environment}', not for '${named}'.`,
  );
}

/** The environment a selector means, with which flagd's own OFREP chooses among its sets. */
function selectedBy(selector: string | readonly string[] | undefined, services: OfrepServices): string | undefined {
  const name = typeof selector === "string" ? parseSelector(selector) : undefined;
  return name === undefined ? undefined : findEnvironment(services, name);
}

function firstNamed(names: string | readonly string[] | undefined): string | undefined {
  const name = typeof names === "string" ? names : names?.find((listed) => listed !== "");
  return name === "" ? undefined : name;
}

/** Nothing but the parser above makes bodies here; without one there was none. */
function bodyOf({ body }: FastifyRequest): string {
  return typeof body === "string" ? body : "";
}

function bulkText(answers: readonly string[], flagSet: ServedFlagSet, address: string): string {
  const { compiled, setId, version } = flagSet;
  const metadata = { flagSetId: setId, version: String(version), ...compiled.metadata };
  const eventStreams = [{ type: "sse", endpoint: { requestUri: address }, inactivityDelaySec }];
  const rest = JSON.stringify({ metadata, eventStreams }).slice(1);
  return `{"flags":[${answers.join(",")}],${rest}`;
}

function refusalText(error: DimmerError, request: FastifyRequest): string {
  // The parameters of this scope's own routes; the router only yields strings.
  const { key } = request.params as { readonly key?: string };
  const isInvalid = error.code === "invalid_request" || error.code === "body_too_large";
  return JSON.stringify({
    key,
    errorCode: isInvalid ? "INVALID_CONTEXT" : "GENERAL",
    errorDetails: `${error.message} ${error.definition.fix}`,
  });
}
