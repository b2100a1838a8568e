/** How requests reach a control plane: address, token, platform; checked once, trusted afterwards. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Route } from "@dimmer/spec/routes";
import type { ApiClientOptions } from "./api-client.ts";
import { systemClock } from "./clock.ts";
import type { Clock } from "./clock.ts";

export interface Connection {
  /** Address for messages, without a trailing slash. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sends a request, once it is known whom to. */
  readonly fetch: (address: string, init: RequestInit & { readonly signal: AbortSignal }) => Promise<Response>;
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Judges the options. A wrong token is never repeated in a message. */
export function openConnection(options: ApiClientOptions): Connection {
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new DimmerError(
      "config_invalid",
      `The control plane's address '${options.url}' is not an http or https address.`,
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
  if (options.token !== undefined && !isToken(options.token)) {
    throw new DimmerError(
      "config_invalid",
      "The token is empty or holds characters no token has, such as spaces or line ends.",
      { field: "token" },
    );
  }
  const { assertGenuine, fetch = (input, init) => globalThis.fetch(input, init) } = options;
  return {
    url: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    headers: options.token === undefined ? {} : { authorization: `Bearer ${options.token}` },
    fetch: async (address, init) => {
      // Each time anew: between two requests the server may have gone, and somebody else have come.
      await assertGenuine?.(fetch, init.signal);
      return await fetch(address, init);
    },
    timeoutMs: options.timeoutMs ?? 10_000,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
}

/** Whether a text can be sent as a token. */
export function isToken(text: string): boolean {
  return /^[\x21-\x7e]+$/.test(text);
}

/** Values a path or query is filled with. */
export type AddressValues = Readonly<Record<string, string | number | boolean | undefined>>;

/** The whole address of one call. Throws `invalid_request` for a parameter that a path cannot hold. */
export function addressOf(connection: Connection, route: Route, params: AddressValues, query: AddressValues): string {
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
  return `${connection.url}${path}${search.size === 0 ? "" : `?${search.toString()}`}`;
}
