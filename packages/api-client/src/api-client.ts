/** The client of the control plane: one typed method per route of the contract, and the stream. */
import { routes } from "@dimmer/spec/routes";
import type { RouteName } from "@dimmer/spec/routes";
import type { RequestOf, ResponseOf } from "./call.ts";
import type { Clock } from "./clock.ts";
import { openConnection } from "./connection.ts";
import { followStream } from "./follow-stream.ts";
import type { FollowStreamOptions } from "./follow-stream.ts";
import { send } from "./send.ts";
import type { AnyRequest } from "./send.ts";
import type { ServerAddress } from "./server-address.ts";

/** How to reach a control plane. */
export interface ApiClientOptions extends ServerAddress {
  /** @defaultValue the platform's fetch */
  readonly fetch?: typeof fetch;
  /** How long one call may take, answer included. @defaultValue 10,000 */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  /** Random numbers from 0 to below 1, for the jitter between reconnects. @defaultValue Math.random */
  readonly random?: () => number;
}

/** The routes that answer JSON: all but the stream. */
export type CallableRoute = Exclude<RouteName, "stream">;

/** One method per route, named as in `@dimmer/spec/routes`. A route that takes nothing may be called without an argument. */
export type RouteMethods = {
  readonly [R in CallableRoute]: object extends RequestOf<R>
    ? (request?: RequestOf<R>) => Promise<ResponseOf<R>>
    : (request: RequestOf<R>) => Promise<ResponseOf<R>>;
};

/**
 * The typed client. Every method rejects with a DimmerError that carries the server's own code; `server_unreachable`
 * when no answer came in time; or with the reason of the caller's own signal when that was aborted.
 */
export interface ApiClient extends RouteMethods {
  /** The address it speaks to now, for messages. */
  readonly url: string;
  /** Reads an environment's stream until the signal aborts, reconnecting as often as needed. Never rejects. */
  followStream(options: FollowStreamOptions): Promise<void>;
}

/**
 * Creates a client; nothing is sent yet. Throws DimmerError `config_invalid` when the address or the token cannot be used.
 *
 * @example
 * const client = createApiClient({ url: "http://127.0.0.1:7700", token });
 * await client.addKill({ params: { environment: "default" }, body: { scope: "provider", target: "google" } });
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const connection = openConnection(options);
  const methods: object = Object.fromEntries(
    Object.entries(routes)
      .filter(([name]) => name !== "stream")
      .map(([name, route]) => [name, (request: AnyRequest = {}) => send(connection, route, request)]),
  );
  const client: object = {
    get url() {
      return connection.url;
    },
    followStream: (follow: FollowStreamOptions) => followStream(connection, follow),
  };
  // The parse boundary: the mapped type says of each route what the contract says its answer holds.
  return Object.assign(client, methods) as ApiClient;
}
