/** Follows an environment's stream for as long as the caller wants it: reconnects, notices silence, resumes. */
import type { StreamEvent, StreamTopic } from "@dimmer/spec";
import type { DimmerError } from "@dimmer/spec/errors";

/** Where the connection stands. */
export type StreamState =
  | { readonly type: "connecting" }
  | { readonly type: "open" }
  /** The connection is gone, or none could be made; the next attempt is made after `retryInMs`. */
  | { readonly type: "closed"; readonly error: DimmerError; readonly retryInMs: number };

/** What to follow, and what to do with it. */
export interface FollowStreamOptions {
  readonly environment: string;
  readonly topics: readonly StreamTopic[];
  /** Makes the reader a replica that others see, together with `kind` (sdk, gateway, dashboard ...). */
  readonly instanceId?: string | undefined;
  readonly kind?: string | undefined;
  /** Id of the last event already applied: the server spares what the reader has. */
  readonly lastEventId?: string | undefined;
  /** Ends the following. */
  readonly signal: AbortSignal;
  /** An event of a topic asked for: always the whole new state. What it throws counts as a fault of the stream. */
  readonly onEvent: (event: StreamEvent, id: string | undefined) => void;
  readonly onState?: (state: StreamState) => void;
  /** Bytes arrived, heartbeats included: the server is there and what was received is still true. */
  readonly onAlive?: () => void;
  /** Silence after which the connection is taken for dead; the server sends a comment every 15 s at the latest. @defaultValue 45,000 */
  readonly idleTimeoutMs?: number;
  /** Longest wait between two attempts; waits double from 250 ms, each between half and whole. @defaultValue 10,000 */
  readonly maxRetryMs?: number;
}
