/**
 * Keeps web pages of other sites out of a server bound to loopback: a page whose name was made to resolve to 127.0.0.1
 * (DNS rebinding) sends its own name as Host, and a page of another site sends its own Origin.
 */
import { isIPv4 } from "node:net";
import { DimmerError } from "@dimmer/spec/errors";

const loopbackNames = new Set(["localhost", "[::1]"]);

/** Whether an address to listen on can only be reached from this machine. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || isLoopbackIPv4(host);
}

/**
 * @throws `forbidden` when a request names a host or an origin that is not this machine.
 */
export function assertLocalRequest(
  headers: { readonly host?: string | undefined; readonly origin?: string | undefined },
  allowedOrigins: readonly string[] = [],
): void {
  if (!isLocalHost(headers.host ?? "")) {
    throw new DimmerError(
      "forbidden",
      `This server answers only to localhost, not to the host '${headers.host ?? ""}'.`,
      { host: headers.host ?? "" },
    );
  }
  if (headers.origin === undefined || allowedOrigins.includes(headers.origin)) return;
  if (!isLocalName(hostName(headers.origin))) {
    throw new DimmerError("forbidden", `This server does not answer to pages of '${headers.origin}'.`, {
      origin: headers.origin,
    });
  }
}

/** The Host header accepted last: nearly always the next one too, and an address is slow to parse. */
let knownLocalHost: string | undefined;

function isLocalHost(host: string): boolean {
  if (host === knownLocalHost) return true;
  if (!isLocalName(hostName(`http://${host}`))) return false;
  knownLocalHost = host;
  return true;
}

function hostName(url: string): string | undefined {
  return URL.parse(url)?.hostname;
}

function isLocalName(name: string | undefined): boolean {
  return name !== undefined && (loopbackNames.has(name) || isLoopbackIPv4(name));
}

/** Not by its first letters alone: 127.0.0.1.example.com is a name anybody can own. */
function isLoopbackIPv4(host: string): boolean {
  return isIPv4(host) && host.startsWith("127.");
}
