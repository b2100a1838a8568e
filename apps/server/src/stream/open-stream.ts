/** One reader of the stream: server-sent events on a connection that stays open, as fast as its reader takes them. */
import type { StreamTopic } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServerResponse } from "node:http";
import type { Clock } from "../clock.ts";
import { openEventStream } from "../http/open-event-stream.ts";
import type { Call } from "../http/route-handlers.ts";
import type { ReplicaRegistry } from "../replicas/replica-registry.ts";
import type { StreamHub } from "./stream-hub.ts";

/** How often a silent connection shows that it is alive. */
const heartbeatMs = 10_000;
/** A reader that has taken nothing for so long is cut off; it comes back with Last-Event-ID. */
const stallLimitMs = 60_000;

const topicNames: ReadonlySet<string> = new Set<StreamTopic>([
  "flag-set",
  "kills",
  "stage",
  "rollout",
  "audit",
  "replicas",
]);
const defaultTopics: readonly StreamTopic[] = ["flag-set", "kills"];

export interface StreamServices {
  readonly hub: StreamHub;
  readonly replicas: ReplicaRegistry;
  readonly clock: Clock;
  /** Whether a token still opens anything: a stream does not outlive its reader's token. */
  readonly isTokenValid: (id: string) => boolean;
}

interface OpenReader {
  readonly tokenId: string;
  stalledSinceMs: number | undefined;
}

/** Opens streams, and ends all of them when the server stops. */
export interface StreamRoute {
  open(call: Call<"stream">, request: FastifyRequest, reply: FastifyReply): void;
  /** Ends every stream. */
  close(): void;
}

export function createStreamRoute({ hub, replicas, clock, isTokenValid }: StreamServices): StreamRoute {
  const open = new Map<ServerResponse, OpenReader>();
  let cancelHeartbeat = scheduleHeartbeat();

  function scheduleHeartbeat(): () => void {
    return clock.after(heartbeatMs, () => {
      const nowMs = clock.nowMs();
      for (const [response, reader] of open) {
        if (!isTokenValid(reader.tokenId)) response.end();
        else if (reader.stalledSinceMs === undefined) response.write(": alive\n\n");
        else if (nowMs - reader.stalledSinceMs > stallLimitMs) response.destroy();
      }
      cancelHeartbeat = scheduleHeartbeat();
    });
  }

  return {
    open(call, request, reply) {
      const topics = parseTopics(call.query.topics);
      const { environment } = call.params;
      const { instanceId, kind } = call.query;
      const disconnect =
        instanceId === undefined ? undefined : replicas.connect(environment, instanceId, kind ?? "sdk");

      const response = openEventStream(reply, ": Dimmer\n\n");
      const reader: OpenReader = { tokenId: call.principal.id, stalledSinceMs: undefined };
      open.set(response, reader);
      const lastEventId = request.headers["last-event-id"];
      const subscription = hub.subscribe({
        environment,
        topics,
        lastEventId: typeof lastEventId === "string" ? lastEventId : undefined,
        sink: {
          write(event) {
            const isReady = response.write(event);
            if (!isReady) reader.stalledSinceMs = clock.nowMs();
            return isReady;
          },
        },
      });
      response.on("drain", () => {
        reader.stalledSinceMs = undefined;
        subscription.resume();
      });
      response.on("close", () => {
        open.delete(response);
        subscription.close();
        disconnect?.();
      });
    },
    close() {
      cancelHeartbeat();
      for (const response of open.keys()) response.end();
    },
  };
}

function parseTopics(text: string | undefined): readonly StreamTopic[] {
  if (text === undefined) return defaultTopics;
  return [...new Set(text.split(",").map((word) => word.trim()))].map((word) => {
    if (isTopic(word)) return word;
    throw new DimmerError(
      "invalid_request",
      `query/topics: there is no topic '${word}'; there is ${[...topicNames].join(", ")}.`,
      { topic: word },
    );
  });
}

function isTopic(word: string): word is StreamTopic {
  return topicNames.has(word);
}
