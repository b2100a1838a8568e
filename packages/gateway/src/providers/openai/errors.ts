/** What an OpenAI-compatible server's refusals and broken connections mean for the call. */
import { isRecord } from "../../input/is-record.ts";
import type { ProviderFault } from "../provider.ts";

/** The request itself is at fault: no other model would take it. */
const requestFaults: ReadonlySet<number> = new Set([400, 413, 415, 422]);
/** The same server may take the same request a little later. */
const temporary: ReadonlySet<number> = new Set([408, 409, 425, 429]);
/** Answers to these may quote credentials, so they are not passed on. */
const aboutCredentials: ReadonlySet<number> = new Set([401, 403]);

const longestMessage = 500;

/** A status outside 200 to 299. */
export function faultOfStatus(status: number, body: string, retryAfter: string | undefined): ProviderFault {
  if (status < 400 || status >= 500) return { type: "failed", message: `answered with status ${status}` };
  const retryAfterMs = readRetryAfterMs(retryAfter);
  return {
    type: "refused",
    status,
    message: aboutCredentials.has(status) ? "does not accept the gateway's credentials" : messageOf(body, status),
    isRequestFault: requestFaults.has(status),
    isTemporary: temporary.has(status),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** An exception of the HTTP client. */
export function faultOfException(error: unknown, isTimedOut: boolean): ProviderFault {
  if (isTimedOut) return { type: "timeout", message: "did not answer in time" };
  const code = isRecord(error) && typeof error["code"] === "string" ? error["code"] : undefined;
  switch (code) {
    case "UND_ERR_CONNECT_TIMEOUT":
      return { type: "timeout", message: "did not accept a connection in time" };
    default:
      return {
        type: "failed",
        message: code === undefined ? "broke the connection" : `could not be reached (${code})`,
      };
  }
}

function messageOf(body: string, status: number): string {
  try {
    const parsed: unknown = JSON.parse(body);
    const error = isRecord(parsed) ? parsed["error"] : undefined;
    const message = isRecord(error) ? error["message"] : error;
    if (typeof message === "string") return `said: ${message.slice(0, longestMessage)}`;
  } catch {
    // An error page of a proxy; the status says enough.
  }
  return `refused with status ${status}`;
}

/** Retry-After in seconds; the date form is rare from these servers and not read. */
function readRetryAfterMs(header: string | undefined): number | undefined {
  const seconds = header === undefined ? Number.NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
