/** What answers at an address of the gateway. */
import type { IncomingMessage, ServerResponse } from "node:http";

/** One request that came in, and where its answer goes. */
export interface HttpExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly requestId: string;
}

export type Answer = (exchange: HttpExchange) => void | Promise<void>;

/** What answers at one address; a HEAD is answered as a GET without its body. */
export type Address = Readonly<Partial<Record<"GET" | "POST" | "PUT", Answer>>>;

/** All that a server answers at. */
export interface Addresses {
  /** In words, for whoever asks somewhere else. */
  readonly list: string;
  /** The address of a request target; undefined when there is none. */
  find(target: string): Address | undefined;
}
