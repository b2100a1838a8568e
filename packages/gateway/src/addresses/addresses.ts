/** What answers at which address, by method. OpenAI's addresses are answered with and without `/v1`. */
import { DimmerError } from "@dimmer/spec/errors";
import { answerChat } from "../chat/chat-completions.ts";
import type { Address, Addresses, Answer, HttpExchange } from "../http/address.ts";
import { readJsonBody } from "../http/request-body.ts";
import { writeError, writeJson } from "../http/response-writer.ts";
import type { AddressParts } from "./address-parts.ts";
import { findAdminAddress, statusPath } from "./admin.ts";
import { createCallerGuard } from "./caller-guard.ts";
import { answerHealth, answerMetrics, answerReadiness } from "./health.ts";

const modelPath = /^\/v1\/models\/(.+)$/;

export function createAddresses(parts: AddressParts): Addresses {
  const refuseCaller = createCallerGuard(parts);
  const refuse = ({ response }: HttpExchange, error: DimmerError): void => {
    parts.chat.measurements.refused(error.code);
    writeError(response, error);
  };
  const guarded = (answer: Answer): Answer => {
    return (exchange) => {
      const refusal = refuseCaller(exchange.request);
      return refusal === undefined ? answer(exchange) : refuse(exchange, refusal);
    };
  };
  const chat: Answer = async (exchange) => {
    const { request, response, requestId } = exchange;
    const startedMs = parts.chat.callers.clock.elapsedMs();
    const read = await readJsonBody(request, parts.config.limits.bodyBytes);
    if (!read.ok) return refuse(exchange, read.error);
    await answerChat(parts.chat, { requestId, headers: request.headers, body: read.body, response, startedMs });
  };
  let held = 0;
  const bounded = (answer: Answer): Answer => {
    return async (exchange) => {
      if (held >= parts.config.limits.concurrentRequests) return refuse(exchange, new DimmerError("overloaded"));
      held += 1;
      try {
        await answer(exchange);
      } finally {
        held -= 1;
      }
    };
  };
  const routes = [...parts.chat.routes.keys()];
  const model = (id: string): Answer => {
    return (exchange) => {
      if (routes.includes(id)) return writeJson(exchange.response, 200, {}, modelOf(id));
      refuse(exchange, new DimmerError("model_not_found"));
    };
  };
  const fixed: ReadonlyMap<string, Address> = new Map<string, Address>([
    ["/v1/chat/completions", { POST: guarded(bounded(chat)) }],
    [
      "/v1/models",
      {
        GET: guarded(({ response }) =>
          writeJson(response, 200, {}, { object: "list", data: routes.map((id) => modelOf(id)) }),
        ),
      },
    ],
    ["/healthz", { GET: answerHealth }],
    ["/readyz", { GET: ({ response }) => answerReadiness(parts, response) }],
    ["/metrics", { GET: ({ response }) => answerMetrics(parts, response) }],
  ]);
  const find = (target: string): Address | undefined => {
    const known = fixed.get(target);
    if (known !== undefined) return known;
    const path = canonicalPath(target);
    const id = modelPath.exec(path)?.[1];
    if (id !== undefined) return { GET: guarded(model(decoded(id))) };
    return fixed.get(path) ?? findAdminAddress(parts, path);
  };
  return { list: `${[...fixed.keys()].join(", ")} and ${statusPath}`, find };
}

/** OpenAI's description of a model, as far as a route has one. */
function modelOf(id: string): object {
  return { id, object: "model", created: 0, owned_by: "dimmer" };
}

/** The path alone, as the table above has it: proxies send whole addresses, and clients differ in their last slash. */
function canonicalPath(target: string): string {
  const whole = target.startsWith("/") ? target : (URL.parse(target)?.pathname ?? target);
  const path = whole.replace(/\?.*$/s, "").replace(/(?<=.)\/$/, "");
  return /^\/(chat\/completions|models)(\/|$)/.test(path) ? `/v1${path}` : path;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // Not a name any route has.
    return segment;
  }
}
