/** On whose behalf a request is answered: what flags are asked with, and what kills may name. */
import type { IncomingHttpHeaders } from "node:http";
import type { FlagContext } from "../ports/switches.ts";
import type { ChatRequest } from "../protocol/chat-request.ts";

/** Where a call comes from. */
export interface CallOrigin {
  readonly route: string;
  readonly tenant: string | undefined;
  /** Names of the tools the request offers. */
  readonly tools: readonly string[];
  readonly context: FlagContext;
}

/** One request as it came in, as far as it says where from. */
export interface OriginSource {
  readonly requestId: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * The user is OpenAI's `user` field or the header x-dimmer-user; without either the request id stands in, and then
 * nothing is sticky. Tenant and region come in x-dimmer-tenant and x-dimmer-region.
 */
export function readOrigin(source: OriginSource, request: ChatRequest, tools: readonly string[]): CallOrigin {
  const header = (name: string): string | undefined => {
    const value = source.headers[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const user = request.user ?? header("x-dimmer-user");
  const tenant = header("x-dimmer-tenant");
  const region = header("x-dimmer-region");
  const context = {
    targetingKey: user === undefined || user === "" ? source.requestId : user,
    route: request.model,
    ...(tenant === undefined ? {} : { tenant }),
    ...(region === undefined ? {} : { region }),
  };
  return { route: request.model, tenant, tools, context };
}
