/**
 * Changes as the follower of a stream is told them. Connect opens the stream, sends what comes first and says at the end
 * what ended it; in between messages go straight to the connection, as bytes that all followers share. Through Connect's
 * own pipeline each of a thousand followers would have the same set encoded and copied once more for itself.
 */
import type { IncomingMessage } from "node:http";
import type { Http2ServerRequest } from "node:http2";
import type { Writable } from "node:stream";
import {
  Code,
  ConnectError,
  createContextKey,
  createContextValues,
  type ContextValues,
  type HandlerContext,
} from "@connectrpc/connect";
import { DimmerError } from "@dimmer/spec/errors";
import type { Clock } from "../clock.ts";
import type { ServedFlags } from "../flags/served-flags.ts";
import { responseTo } from "./both-http-versions.ts";
import { frameOf } from "./message-frame.ts";

/** How often a silent follower looks whether it may still follow. */
const checkIntervalMs = 15_000;

const connection = createContextKey<Writable | undefined>(undefined);

/** Hands what a request is answered on to the handlers of its call. */
export function contextOf(request: IncomingMessage | Http2ServerRequest): ContextValues {
  return createContextValues().set(connection, "stream" in request ? request.stream : responseTo(request));
}

export interface FollowOptions {
  readonly served: ServedFlags;
  readonly clock: Clock;
  /** Its signal ends the following, with its reason as the error. */
  readonly call: HandlerContext;
  /** Whether the follower's token is still good. */
  readonly isValid: () => boolean;
}

/** What has changed since it was asked for. */
export interface Changes {
  /**
   * To be called once what comes first was sent. Asks `next` for the message about an environment that has changed, if
   * there is one; however often it changed while the follower could take no more, once. It only ever ends by an error:
   * clients of flagd take an orderly end for good, and would not come back.
   */
  tell(next: (environment: string) => object | undefined): Promise<never>;
}

/** Follows from the moment of the call. */
export function followChanges({ served, clock, call, isValid }: FollowOptions): Changes {
  const { signal } = call;
  const changed = new Set<string>();
  let wake = (): void => undefined;
  const unfollow = served.follow((environment) => {
    changed.add(environment);
    wake();
  });
  signal.addEventListener("abort", unfollow, { once: true });

  return {
    async tell(next) {
      const stream = call.values.get(connection);
      if (stream === undefined) throw new DimmerError("internal");
      const { promise: end, reject } = Promise.withResolvers<never>();
      const stop = (): void => reject(ConnectError.from(signal.reason, Code.Canceled));

      function send(): void {
        for (const environment of changed) {
          // What it cannot take now it is told when the connection has drained.
          if (stream?.writable !== true || stream.writableNeedDrain) return;
          changed.delete(environment);
          const message = next(environment);
          if (message !== undefined) stream.write(frameOf(call, message));
        }
      }
      wake = () => {
        try {
          if (!isValid()) throw new ConnectError("The token is not good any more.", Code.Unauthenticated);
          send();
        } catch (error) {
          reject(error);
        }
      };
      let cancelCheck = scheduleCheck();
      function scheduleCheck(): () => void {
        return clock.after(checkIntervalMs, () => {
          cancelCheck = scheduleCheck();
          wake();
        });
      }

      signal.addEventListener("abort", stop, { once: true });
      stream.on("drain", wake);
      if (signal.aborted) stop();
      else wake();
      try {
        return await end;
      } finally {
        unfollow();
        cancelCheck();
        stream.off("drain", wake);
        wake = () => undefined;
        signal.removeEventListener("abort", stop);
        signal.removeEventListener("abort", unfollow);
      }
    },
  };
}
