/** How requests reach a control plane: address, token, platform; checked once, trusted afterwards. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Route } from "@dimmer/spec/routes";
import type { ServerAddress } from "./server-address.ts";
import type { ApiClientOptions } from "./api-client.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";

export interface Connection {
  /** Address for messages, without a trailing slash. */
  readonly url: string;
  /** Sends a request for a path of the control plane, once it is known whom to; the token goes with it. */
  readonly fetch: (path: string, init: PlatformRequest) => Promise<Response>;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** What the platform's fetch is given beside the address. */
export interface PlatformRequest extends RequestInit {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** Judges the options. A wrong token is never repeated in a message. */
export function openConnection(options: ApiClientOptions): Connection {
  const { fetch = (input, init) => globalThis.fetch(input, init) } = options;
  let server = judgeServer(options);
  // Each time anew: between two requests the server may have gone, and somebody else have come.
  const genuineServer = async (signal: AbortSignal): Promise<JudgedServer> => {
    const asked = server;
    try {
      await asked.assertGenuine?.(fetch, signal);
      return asked;
    } catch (error) {
      // Another request may have found it meanwhile.
      if (server === asked) server = judgeAgain(asked);
      const found = server;
      if (found === asked) throw error;
      // Nothing but a nonce has been sent so far, so the same request can go where the server is now.
      await found.assertGenuine?.(fetch, signal);
      return found;
    }
  };
  return {
    get url() {
      return server.url;
    },
    fetch: async (path, init) => {
      // The one that has proven itself, whatever other requests find by now.
      const { url, headers } = await genuineServer(init.signal);
      return await fetch(`${url}${path}`, { ...init, headers: { ...init.headers, ...headers } });
    },
    timeoutMs: options.timeoutMs ?? 10_000,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

/** A server whose address and token can be used. */
interface JudgedServer extends ServerAddress {
  readonly headers: Readonly<Record<string, string>>;
}

/** Where the server is now: what was found, or what was known. */
function judgeAgain(server: JudgedServer): JudgedServer {
  const found = server.findAgain?.();
  return found === undefined ? server : judgeServer(found);
}

function judgeServer({ url: address, token, assertGenuine, findAgain }: ServerAddress): JudgedServer {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new DimmerError(
      "config_invalid",
      `The control plane's address '${address}' is not an http or https address.`,
      { field: "url" },
    );
  }
  if (url.username !== "" || url.password !== "") {
    throw new DimmerError(
      "config_invalid",
      "The control plane's address holds a user name or password; the token goes into 'token' (DIMMER_TOKEN).",
      { field: "url" },
    );
  }
  // A header value that fetch refuses would be repeated in its error.
  if (token !== undefined && !isToken(token)) {
    throw new DimmerError(
      "config_invalid",
      "The token is empty or holds characters no token has, such as spaces or line ends.",
      { field: "token" },
    );
  }
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    assertGenuine,
    findAgain,
  };
}

/** Whether a text can be sent as a token. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** Values a path or query is filled with. */
export type AddressValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** Path and query of one call. Throws `invalid_request` for a parameter that a path cannot hold. */
export function pathOf(route: Route, params: AddressValues, query: AddressValues): string {
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = String(params[name] ?? "");
    // Addresses are normalised before they are sent: these three would name another route.
    if (value === "" || value === "." || value === "..") {
      throw new DimmerError("invalid_request", `The parameter '${name}' cannot be '${value}'.`, { field: name, value });
    }
    return encodeURIComponent(value);
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
  return `${path}${search.size === 0 ? "" : `?${search.toString()}`}`;
}
