/** The parent's end of the process of subscribers. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { FollowReport, FollowRequest, Receipt } from "./followers-process.ts";

export interface Followers {
  /** When all of them have the next message. */
  received(): Promise<Receipt>;
  stop(): Promise<void>;
}

const processModule = fileURLToPath(new URL("followers-process.ts", import.meta.url));
/** Of anything that is waited for; beyond it the bench ends. */
const deadlineMs = 30_000;

/** Starts them, and waits until each has what it is told at first. */
export async function startFollowers(request: FollowRequest): Promise<Followers> {
  const child = fork(processModule, { execArgv: [] });
  const exited = once(child, "exit");

  async function report(): Promise<FollowReport> {
    const signal = AbortSignal.timeout(deadlineMs);
    const died = exited.then(([code]) => {
      throw new Error(`The subscribers' process ended with code ${String(code)}.`);
    });
    const [message] = (await Promise.race([once(child, "message", { signal }), died])) as [FollowReport];
    return message;
  }

  child.send(request);
  await report();
  return {
    async received() {
      const message = await report();
      if (message.type !== "received") throw new Error("The subscribers' process said something else.");
      return message;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
