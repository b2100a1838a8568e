/** How long a person waits: for the server to be ready, and for `dimmer kill` to be done. */
import type { Figure } from "./figure.ts";
import type { Part } from "./part.ts";
import { median } from "./statistics.ts";
import { freePort, runCommand, startCommand, withDirectory } from "./system/dimmer-command.ts";
import { startSystem } from "./system/system.ts";

export const measureStart: Part = async ({ isQuick, say }) => {
  const runs = isQuick ? 2 : 7;
  const fresh: number[] = [];
  const existing: number[] = [];
  // The first start of all compiles and caches what it loads; users pay for it once.
  await withDirectory(startServer);
  for (let run = 0; run < runs; run += 1) {
    await withDirectory(async (directory) => {
      fresh.push(await startServer(directory));
      existing.push(await startServer(directory));
    });
  }
  say("start: server");
  const kills = await withDirectory(async (directory) => await timeKills(directory, runs));
  say("start: dimmer kill");
  return [
    figure("server start to ready, new folder", fresh, 1_000),
    figure("server start to ready, existing folder", existing, 1_000),
    figure("dimmer kill, start to finish", kills, 300),
  ];
};

function figure(name: string, ms: readonly number[], atMost: number): Figure {
  const spread: [number, number] = [Math.min(...ms), Math.max(...ms)];
  return {
    part: "start",
    name,
    unit: "ms",
    target: { atMost },
    reached: median(ms),
    spread,
    remark: `${ms.length} starts`,
  };
}

async function startServer(directory: string): Promise<number> {
  const server = await startCommand(["server", "--port", String(await freePort())], { DIMMER_DIR: directory });
  await server.stop();
  return server.readyMs;
}

/** With a server and a gateway running, as it would be. */
async function timeKills(directory: string, runs: number): Promise<number[]> {
  const system = await startSystem(directory, { upstreamDelayMs: 0 });
  const environment = { DIMMER_DIR: directory };
  const took: number[] = [];
  try {
    await runCommand(["status"], environment);
    for (let run = 0; run < runs; run += 1) {
      took.push((await runCommand(["kill", "provider", "google", "--reason", "bench"], environment)).tookMs);
      await runCommand(["revive", "provider", "google"], environment);
    }
  } finally {
    await system.stop();
  }
  return took;
}
