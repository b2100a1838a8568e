/** When a process stops, and the child's side of being supervised: say when it is up or why it is not, leave when the parent is gone. */
import { once } from "node:events";
import { DimmerError } from "@dimmer/spec/errors";
import { exitCodes } from "../exit-codes.ts";
import type { FailedMessage, ReadyMessage } from "./supervised-process.ts";

/** Something that was started and listens. */
export interface Serving {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts, tells the supervisor, if there is one, and serves until asked to stop. Answers the exit code. Why a start
 * failed is the supervisor's to print, so that it is printed once.
 */
export async function serveUntilAskedToStop(start: () => Promise<Serving>): Promise<number> {
  let serving: Serving;
  try {
    serving = await start();
  } catch (error) {
    // A defect is printed here, where its trace is.
    if (process.send === undefined || !DimmerError.is(error) || error.definition.kind === "internal") throw error;
    const message: FailedMessage = { type: "failed", code: error.code, message: error.message };
    await new Promise((sent) => process.send?.(message, undefined, undefined, sent));
    process.disconnect();
    return exitCodes[error.definition.kind];
  }
  const message: ReadyMessage = { type: "ready", url: serving.url };
  // Who is not there any more cannot be told.
  if (process.connected) process.send?.(message);
  await untilAborted(listenForStop());
  await serving.close();
  // An open channel would keep this process alive after its work is done.
  if (process.connected) process.disconnect();
  return 0;
}

/** Aborts at the first SIGINT or SIGTERM, or when the supervisor has gone; a second signal ends the process at once. */
export function listenForStop(): AbortSignal {
  const stop = new AbortController();
  process.once("SIGTERM", () => stop.abort());
  // A supervised child may hear Ctrl-C too, but it is the supervisor's to say when; alone, it is the user's way to stop.
  if (process.send === undefined) process.once("SIGINT", () => stop.abort());
  else process.on("SIGINT", () => undefined);
  if (process.send !== undefined && !process.connected) stop.abort();
  else process.once("disconnect", () => stop.abort());
  return stop.signal;
}

/** Settles when the signal aborts. */
export async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}
