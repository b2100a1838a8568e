/** The parent's end of a candidate's process. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Replies, Reply, Request } from "./candidate-process.ts";

export interface CandidateClient {
  ask<R extends Request>(request: R): Promise<Replies[R["type"]]>;
  stop(): void;
}

const processModule = fileURLToPath(new URL("candidate-process.ts", import.meta.url));

/** Starts a process for the candidate a module exports. */
export function startCandidate(moduleUrl: string, nodeOptions: readonly string[] = []): CandidateClient {
  const child = fork(processModule, [moduleUrl], {
    execArgv: ["--expose-gc", ...nodeOptions],
    serialization: "advanced",
    // Some candidates say what they think of having no network.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  const died = once(child, "exit").then(([code]) => {
    throw new Error(`The process of ${moduleUrl} ended with code ${String(code)}.`);
  });
  died.catch(() => undefined);
  return {
    async ask<R extends Request>(request: R) {
      child.send(request);
      // Our own child, one question at a time.
      const [reply] = (await Promise.race([once(child, "message"), died])) as [Reply];
      if (!reply.ok) throw new Error(`${moduleUrl}, asked to ${request.type}: ${reply.message}`);
      return reply.value as Replies[R["type"]];
    },
    stop: () => child.disconnect(),
  };
}
