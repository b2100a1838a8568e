/** What answers at one address of the gateway. */
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
