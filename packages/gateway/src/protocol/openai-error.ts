/** Errors as OpenAI's clients read them: `{"error": {message, type, param, code}}`. */
import type { DimmerError } from "@dimmer/spec/errors";

/** Seconds after which trying again makes sense, when nothing better is known. */
const retryAfterSeconds = 5;

export interface OpenAiErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string;
  };
}

/** The code is from Dimmer's closed table; `param` names the field at fault, when there is one. */
export function openAiErrorBody(error: DimmerError): OpenAiErrorBody {
  const field = error.details["field"];
  return {
    error: {
      message: `${error.message} ${error.definition.fix}`,
      type: typeOf(statusOf(error)),
      param: typeof field === "string" ? field : null,
      code: error.code,
    },
  };
}

/**
 * The table's status, with one exception: a provider that finds fault with the request itself is right about it, so its
 * status is the caller's (400, 413, 422), and clients do not try again.
 */
export function statusOf(error: DimmerError): number {
  const { status, isRequestFault } = error.details;
  return error.code === "provider_refused" && isRequestFault === true && typeof status === "number"
    ? status
    : error.definition.status;
}

/** Whether a caller got an error for a fault that is not theirs: a provider's limit is the gateway's, not the caller's. */
export function isOwnFault(error: DimmerError): boolean {
  return statusOf(error) >= 500 || error.code === "provider_rate_limited";
}

/**
 * When to come back, as a provider said it where it did; and, in the word the official clients obey, whether to come
 * back at all: what an operator has turned off or killed stays so, and asking twice more would keep people waiting.
 */
export function errorHeaders(error: DimmerError): Readonly<Record<string, string>> {
  const status = statusOf(error);
  const { retryable, kind } = error.definition;
  const retry = { "x-should-retry": String(retryable && kind !== "state") };
  if (status !== 503 && status !== 429) return retry;
  const { retryAfterMs } = error.details;
  const seconds = typeof retryAfterMs === "number" ? Math.ceil(retryAfterMs / 1000) : retryAfterSeconds;
  return { ...retry, "retry-after": String(seconds) };
}

function typeOf(status: number): string {
  switch (status) {
    case 401:
      return "authentication_error";
    case 403:
      return "permission_error";
    case 404:
      return "not_found_error";
    case 429:
      return "rate_limit_error";
    default:
      return status < 500 ? "invalid_request_error" : "api_error";
  }
}
