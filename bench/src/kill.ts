/**
 * From sending a kill to the control plane until the gateway refuses, under load: calls start about every millisecond
 * beside 16 connections that never rest. What is measured is the time to the first call from which on every one is
 * refused, so a kill that flickered would show.
 */
import { isRefused, judgeEnforcement } from "./enforcement.ts";
import type { Enforcement } from "./enforcement.ts";
import type { Figure } from "./figure.ts";
import type { Part } from "./part.ts";
import { median, percentile } from "./statistics.ts";
import { withDirectory } from "./system/dimmer-command.ts";
import { startLoad } from "./system/load.ts";
import type { Load } from "./system/load.ts";
import { environment, provider, startSystem, untilServed } from "./system/system.ts";
import type { System } from "./system/system.ts";

const upstreamDelayMs = 10;
/** How long calls are watched after the control plane has answered. */
const watchMs = 20;
/** No kill may take longer; one that does ends the bench. */
const deadlineMs = 5_000;

interface Kill extends Enforcement {
  /** From sending it until the control plane had answered. */
  readonly answeredMs: number;
}

export const measureKill: Part = async ({ isQuick, say }) =>
  await withDirectory(async (directory) => {
    const system = await startSystem(directory, { upstreamDelayMs });
    const load = await startLoad(system, { connections: 16, probes: 64 });
    try {
      const kills = isQuick ? 20 : 200;
      const seen: Kill[] = [];
      for (let kill = 0; kill < kills; kill += 1) {
        seen.push(await killOnce(system, load));
        if ((kill + 1) % 50 === 0) say(`kill: ${kill + 1} of ${kills}`);
      }
      return figuresOf(seen, load);
    } finally {
      await load.stop();
      await system.stop();
    }
  });

async function killOnce(system: System, load: Load): Promise<Kill> {
  // Not in step with anything that happens at intervals.
  await pause(20 + Math.random() * 30);
  load.forget();
  const sentAt = performance.now();
  const { kills } = await system.client.addKill({
    params: { environment },
    body: { scope: "provider", target: provider, reason: "bench" },
  });
  const answeredMs = performance.now() - sentAt;
  const deadline = sentAt + deadlineMs;
  await pause(watchMs);
  while (!load.calls().some(isRefused) && performance.now() < deadline) await pause(1);
  await pause(watchMs);
  const enforcement = judgeEnforcement(load.calls(), sentAt);

  await system.client.reviveKills({
    params: { environment },
    body: { killIds: kills.map(({ id }) => id), reason: "bench" },
  });
  await untilServed(system);
  return { ...enforcement, answeredMs };
}

function figuresOf(seen: readonly Kill[], load: Load): Figure[] {
  const enforced = seen.map(({ enforcedMs }) => enforcedMs);
  const figure = (name: string, reached: number, unit = "ms"): Figure => ({ part: "kill", name, unit, reached });
  return [
    {
      ...figure("sent to enforced, p99", percentile(enforced, 0.99)),
      target: { atMost: 50 },
      remark: `${seen.length} kills, ${Math.round(load.perSecond())} calls per s`,
    },
    figure("sent to enforced, p50", median(enforced)),
    figure("sent to enforced, worst", Math.max(...enforced)),
    figure("sent to answered by the control plane, p50", median(seen.map(({ answeredMs }) => answeredMs))),
    {
      ...figure(
        "calls served after one was refused",
        seen.reduce((sum, { wronglyAdmitted }) => sum + wronglyAdmitted, 0),
        "calls",
      ),
      target: { atMost: 0 },
    },
  ];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
