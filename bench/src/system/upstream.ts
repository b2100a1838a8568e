/** Starts the stub upstream. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export interface Upstream {
  readonly port: number;
  stop(): void;
}

export async function startUpstream({ delayMs }: { readonly delayMs: number }): Promise<Upstream> {
  const module = fileURLToPath(new URL("upstream-process.ts", import.meta.url));
  const child = fork(module, { env: { ...process.env, DELAY_MS: String(delayMs) }, execArgv: [] });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return { port, stop: () => child.disconnect() };
}
