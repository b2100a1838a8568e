/** What `dimmer up` takes of a machine's memory while nothing happens. */
import type { Part } from "./part.ts";
import { freePort, spawn, stop, withDirectory } from "./system/dimmer-command.ts";
import { childrenOf, residentMib } from "./system/process-usage.ts";

const readyDeadlineMs = 60_000;

export const measureMemory: Part = async ({ isQuick, say }) =>
  await withDirectory(async (directory) => {
    const gatewayPort = await freePort();
    const up = spawn(["up", "--port", String(await freePort()), "--gateway-port", String(gatewayPort)], {
      DIMMER_DIR: directory,
    });
    try {
      await untilReady(`http://127.0.0.1:${gatewayPort}/readyz`);
      const idleMs = isQuick ? 2_000 : 20_000;
      say(`memory: idle for ${idleMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, idleMs));
      const children = childrenOf(up.pid ?? 0);
      const of = (verb: string): number =>
        residentMib(children.find(({ commandLine }) => commandLine.split(" ").includes(verb))?.pid ?? 0) ?? Number.NaN;
      const [server, gateway] = [of("server"), of("gateway")];
      const supervisor = residentMib(up.pid ?? 0) ?? Number.NaN;
      const row = { part: "memory", unit: "MB" };
      return [
        {
          ...row,
          name: "dimmer up idle, server and gateway",
          target: { atMost: 220 },
          reached: server + gateway,
          remark: "RSS; shared pages counted twice",
        },
        { ...row, name: "the server of it", reached: server },
        { ...row, name: "the gateway of it", reached: gateway },
        { ...row, name: "beside them, the supervisor", reached: supervisor },
      ];
    } finally {
      await stop(up);
    }
  });

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + readyDeadlineMs;
  while (performance.now() < deadline) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${url} was not ready in time.`);
}
