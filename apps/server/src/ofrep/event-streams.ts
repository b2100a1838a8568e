/**
 * Streams that tell OFREP clients to ask again: after every change of the set or of its kills at once, and as a ramp
 * climbs with the heartbeat. A client that joins is told so too, unless it says that it knows the present state: what
 * changed between its question and its stream is not lost.
 */
import { timingSafeEqual } from "node:crypto";
import type { ServerResponse } from "node:http";
import type { Token } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Clock } from "../clock.ts";
import { openEventStream } from "../http/open-event-stream.ts";
import type { ServedFlags } from "../flags/served-flags.ts";
import type { TokenService } from "../tokens/token-service.ts";

/** How often a silent stream shows that it is alive. */
const heartbeatMs = 15_000;
/** How long a client whose stream broke waits. */
const reconnectDelayMs = 1000;
/** A reader that lets so much pile up is cut off; it comes back. */
const pendingLimitBytes = 64 * 1024;

interface Reader {
  readonly tokenId: string;
  readonly environment: string;
  /** The stamp it was told last. */
  stamp: string;
}

export interface EventStreamServices {
  readonly served: ServedFlags;
  readonly tokens: Pick<TokenService, "isValid" | "sign">;
  readonly clock: Clock;
}

export interface EventStreams {
  /** Where the holder of a token follows an environment. A secret, good as long as the token is. */
  addressOf(token: Token, environment: string): string;
  /** @throws `unauthenticated` for an id that was not made here, or whose token is gone. */
  open(id: string, request: FastifyRequest, reply: FastifyReply): void;
  close(): void;
}

export function createEventStreams({ served, tokens, clock }: EventStreamServices): EventStreams {
  const open = new Map<ServerResponse, Reader>();
  let cancelHeartbeat = scheduleHeartbeat();

  function stampOf(environment: string): string {
    return served.current(environment).stampAt(clock.nowMs());
  }

  function tell(response: ServerResponse, reader: Reader, stamp: string): void {
    if (response.writableLength > pendingLimitBytes) {
      response.destroy();
      return;
    }
    reader.stamp = stamp;
    response.write(`id: ${stamp}\ndata: ${JSON.stringify({ type: "refetchEvaluation", etag: stamp })}\n\n`);
  }

  function scheduleHeartbeat(): () => void {
    return clock.after(heartbeatMs, () => {
      for (const [response, reader] of open) {
        const stamp = stampOf(reader.environment);
        if (!tokens.isValid(reader.tokenId)) response.end();
        else if (stamp !== reader.stamp) tell(response, reader, stamp);
        else if (!response.writableNeedDrain) response.write(": alive\n\n");
      }
      cancelHeartbeat = scheduleHeartbeat();
    });
  }

  const unfollow = served.follow((environment) => {
    const readers = [...open].filter(([, reader]) => reader.environment === environment);
    if (readers.length === 0) return;
    const stamp = stampOf(environment);
    for (const [response, reader] of readers) if (reader.stamp !== stamp) tell(response, reader, stamp);
  });

  function signature(tokenId: string, environment: string): string | undefined {
    return tokens.sign(tokenId, `ofrep-events ${environment}`);
  }

  function read(id: string): { readonly tokenId: string; readonly environment: string } {
    const [tokenId = "", encoded = "", given = ""] = id.split(".");
    const environment = Buffer.from(encoded, "base64url").toString();
    const expected = signature(tokenId, environment);
    if (expected === undefined || !isSame(given, expected))
      throw new DimmerError("unauthenticated", "This stream is not open to anybody: ask for the flags again.");
    return { tokenId, environment };
  }

  return {
    addressOf(token, environment) {
      const encoded = Buffer.from(environment).toString("base64url");
      return `/ofrep/v1/events/${token.id}.${encoded}.${signature(token.id, environment) ?? ""}`;
    },
    open(id, request, reply) {
      const { tokenId, environment } = read(id);
      const stamp = stampOf(environment);
      const response = openEventStream(reply, `retry: ${reconnectDelayMs}\n\n`);
      const reader: Reader = { tokenId, environment, stamp };
      open.set(response, reader);
      response.on("close", () => open.delete(response));
      if (request.headers["last-event-id"] !== stamp) tell(response, reader, stamp);
    },
    close() {
      unfollow();
      cancelHeartbeat();
      for (const response of open.keys()) response.end();
    },
  };
}

function isSame(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
