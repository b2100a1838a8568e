/** What a call that went wrong is called: the server's own code where it gave one, else what its status or silence means. */
import { DimmerError, isErrorCode } from "@dimmer/spec/errors";
import type { ErrorCode, ErrorDetails } from "@dimmer/spec/errors";
import type { Connection } from "./connection.ts";

/** The error of an answer that is not a success. */
export async function errorOfAnswer(connection: Connection, response: Response): Promise<DimmerError> {
  const error = memberOf(parseJson(await response.text()), "error");
  const code = memberOf(error, "code");
  const message = memberOf(error, "message");
  const details = memberOf(error, "details");
  const text =
    typeof message === "string"
      ? message
      : `The control plane at ${connection.url} answered with status ${response.status}.`;
  return new DimmerError(
    isErrorCode(code) ? code : codeOfStatus(response.status),
    text,
    isDetails(details) ? details : { status: response.status },
  );
}

/** The error of an answer that never came, or was cut. */
export function errorOfSilence(connection: Connection, why: string, cause?: unknown): DimmerError {
  return new DimmerError(
    "server_unreachable",
    `The control plane at ${connection.url} did not answer: ${why}.`,
    { url: connection.url, why },
    { cause },
  );
}

/** In a few words, why fetch failed: `ECONNREFUSED` rather than "fetch failed". */
export function causeOf(thrown: unknown): string {
  const inner = memberOf(thrown, "cause") ?? thrown;
  const code = memberOf(inner, "code");
  const message = memberOf(inner, "message");
  return typeof code === "string"
    ? code
    : typeof message === "string" && message !== ""
      ? message
      : "the connection failed";
}

// For answers that are not Dimmer's: a proxy's, or those of a newer server with a code this client does not know.
function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return "unauthenticated";
  if (status === 403) return "forbidden";
  if (status === 404) return "not_found";
  if (status === 413) return "body_too_large";
  if (status === 429) return "rate_limited";
  return status >= 500 || status < 400 ? "server_unreachable" : "invalid_request";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page, or an answer cut short: its status has to do.
    return undefined;
  }
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && name in value ? Reflect.get(value, name) : undefined;
}

function isDetails(value: unknown): value is ErrorDetails {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
