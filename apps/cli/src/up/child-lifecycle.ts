/** The child's side of being supervised: say when it is up or why it is not, finish when asked to, leave when the parent is gone. */
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
  process.send?.(message);
  await untilAskedToStop();
  await serving.close();
  return 0;
}

/** Settles at the first SIGINT or SIGTERM, or when the supervisor has gone. */
export async function untilAskedToStop(): Promise<void> {
  await new Promise<void>((resolve) => {
    process.once("SIGTERM", () => resolve());
    // A supervised child hears Ctrl-C too, but it is the supervisor's to say when; alone, it is the user's way to stop.
    if (process.send === undefined) process.once("SIGINT", () => resolve());
    else process.on("SIGINT", () => undefined);
    process.once("disconnect", () => resolve());
  });
  // An open channel would keep this process alive after its work is done.
  if (process.connected) process.disconnect();
}
