/** Follows an environment's stream for as long as the caller wants it: reconnects, notices silence, resumes. */
import type { StreamEvent, StreamTopic } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { routes } from "@dimmer/spec/routes";
import { pathOf } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { startDeadline } from "./deadline.ts";
import type { Deadline } from "./deadline.ts";
import { createEventParser } from "./event-parser.ts";
import type { ServerSentEvent } from "./event-parser.ts";
import { causeOf, errorOfAnswer, errorOfSilence } from "./failure.ts";

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

const firstRetryMs = 250;

/** Follows until the signal aborts. */
export async function followStream(connection: Connection, options: FollowStreamOptions): Promise<void> {
  const { signal, maxRetryMs = 10_000 } = options;
  const resume = { lastEventId: options.lastEventId };
  let attempt = 0;
  while (!signal.aborted) {
    const startedAt = connection.clock.nowMs();
    options.onState?.({ type: "connecting" });
    const error = await readStream(connection, options, resume);
    if (signal.aborted) return;
    // A connection that held is no reason to wait long; one that is cut again and again is.
    if (connection.clock.nowMs() - startedAt > maxRetryMs) attempt = 0;
    const waitMs = Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(attempt, 30));
    const retryInMs = Math.round(waitMs * (0.5 + connection.random() / 2));
    attempt += 1;
    options.onState?.({ type: "closed", error, retryInMs });
    await wait(connection, retryInMs, signal);
  }
}

/** Reads one connection to its end, which is always an error. */
async function readStream(
  connection: Connection,
  options: FollowStreamOptions,
  resume: { lastEventId: string | undefined },
): Promise<DimmerError> {
  const idleTimeoutMs = options.idleTimeoutMs ?? 45_000;
  const { environment, topics, instanceId, kind } = options;
  const deadline = startDeadline(connection.clock, connection.timeoutMs, options.signal);
  try {
    const response = await connection.fetch(
      pathOf(routes.stream, { environment }, { topics: topics.join(","), instanceId, kind }),
      {
        headers: {
          accept: "text/event-stream",
          ...(resume.lastEventId === undefined ? {} : { "last-event-id": resume.lastEventId }),
        },
        signal: deadline.signal,
        redirect: "error",
        cache: "no-store",
        credentials: "omit",
      },
    );
    if (!response.ok) return await errorOfAnswer(connection, response);
    if (response.body === null || response.headers.get("content-type")?.startsWith("text/event-stream") !== true) {
      return errorOfSilence(connection, "what came is not an event stream");
    }
    options.onState?.({ type: "open" });
    const parser = createEventParser((event) => {
      const parsed = parseStreamEvent(event, topics);
      if (parsed !== undefined) takeIn(options, parsed, event.id === "" ? undefined : event.id);
      // Only now: an event that could not be taken in is asked for again.
      if (event.id !== "") resume.lastEventId = event.id;
    });
    await readChunks(response.body, deadline, idleTimeoutMs, (chunk) => {
      options.onAlive?.();
      parser.push(chunk);
    });
    return errorOfSilence(connection, "the stream ended");
  } catch (thrown) {
    if (DimmerError.is(thrown)) return thrown;
    if (deadline.hasExpired) return errorOfSilence(connection, "the stream was silent for too long", thrown);
    return errorOfSilence(connection, causeOf(thrown), thrown);
  } finally {
    deadline.release();
  }
}

function takeIn(options: FollowStreamOptions, event: StreamEvent, id: string | undefined): void {
  try {
    options.onEvent(event, id);
  } catch (thrown) {
    throw DimmerError.from(thrown);
  }
}

async function readChunks(
  body: ReadableStream<Uint8Array>,
  deadline: Deadline,
  idleTimeoutMs: number,
  onChunk: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = body.getReader();
  try {
    for (;;) {
      deadline.extend(idleTimeoutMs);
      const { done, value } = await reader.read();
      if (done) return;
      onChunk(value);
    }
  } finally {
    // Ends the request when it was not the server that ended it; a stream that has failed already has nothing to say.
    await reader.cancel().catch(() => undefined);
  }
}

/** An event of a topic asked for; undefined for those of a newer server. */
function parseStreamEvent(event: ServerSentEvent, topics: readonly StreamTopic[]): StreamEvent | undefined {
  const topic = topics.find((name) => name === event.event);
  if (topic === undefined) return undefined;
  try {
    const data: unknown = JSON.parse(event.data);
    // The parse boundary: the server validates by the contract; what evaluates a flag set compiles it first.
    return { event: topic, data } as StreamEvent;
  } catch (error) {
    throw new DimmerError(
      "server_unreachable",
      `The stream's event '${topic}' is not JSON.`,
      { topic },
      { cause: error },
    );
  }
}

function wait(connection: Connection, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener("abort", end);
      resolve();
    };
    const cancel = connection.clock.after(delayMs, end);
    signal.addEventListener("abort", end, { once: true });
  });
}
