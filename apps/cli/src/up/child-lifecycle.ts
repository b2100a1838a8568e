/** The child's side of being supervised: say when it is up, finish when asked to, leave when the parent is gone. */
import type { ReadyMessage } from "./supervised-process.ts";

/** Tells the supervisor, if there is one, where this process listens. */
export function reportReady(url: string): void {
  const message: ReadyMessage = { type: "ready", url };
  process.send?.(message);
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
