/** What the gateway adds to a call: the same bytes to a stub upstream, directly and through the gateway, in turns. */
import type { Figure } from "./figure.ts";
import type { Part } from "./part.ts";
import { median, percentile } from "./statistics.ts";
import type { Connection } from "./system/connection.ts";
import { withDirectory } from "./system/dimmer-command.ts";
import { cpuMs } from "./system/process-usage.ts";
import { startSystem } from "./system/system.ts";
import type { System } from "./system/system.ts";

const connections = 32;
const blockRequests = 100;

export const measureGateway: Part = async ({ isQuick, say }) =>
  await withDirectory(async (directory) => {
    const system = await startSystem(directory, { upstreamDelayMs: 0 });
    try {
      say("gateway: one connection");
      const latency = await measureLatency(system, { rounds: isQuick ? 3 : 10, blocks: isQuick ? 3 : 10 });
      say(`gateway: ${connections} connections`);
      const throughput = await measureThroughput(system, { rounds: isQuick ? 1 : 3, roundMs: isQuick ? 500 : 2_000 });
      return [...latency, ...throughput];
    } finally {
      await system.stop();
    }
  });

interface Paths<T> {
  readonly direct: T;
  readonly gateway: T;
}

async function measureLatency(
  system: System,
  { rounds, blocks }: { rounds: number; blocks: number },
): Promise<Figure[]> {
  const paths = { direct: await system.connectUpstream(), gateway: await system.connectGateway() };
  // Until the compilers of all three processes had their time.
  for (let block = 0; block < 30; block += 1) await timeBlocks(paths, system, 1);

  const all: Paths<number[]> = { direct: [], gateway: [] };
  const addedMs: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const timed = await timeBlocks(paths, system, blocks);
    all.direct.push(...timed.direct);
    all.gateway.push(...timed.gateway);
    addedMs.push(median(timed.gateway) - median(timed.direct));
  }
  const perRequestUs = await measureCpu(system, paths.gateway, rounds * blocks * blockRequests);
  paths.direct.close();
  paths.gateway.close();

  const figure = (name: string, ms: number): Figure => ({ part: "gateway", name, unit: "µs", reached: ms * 1000 });
  return [
    {
      ...figure("added to a call, p50, one connection", median(addedMs)),
      target: { atMost: 200 },
      spread: [Math.min(...addedMs) * 1000, Math.max(...addedMs) * 1000],
      remark: "over the same call made directly",
    },
    figure("added to a call, p99, one connection", percentile(all.gateway, 0.99) - percentile(all.direct, 0.99)),
    figure("a call made directly, p50", median(all.direct)),
    figure("CPU time of the gateway per call", perRequestUs / 1000),
  ];
}

/** Blocks of calls in turns, so that a busy moment of the machine hits both ways. Milliseconds per call. */
async function timeBlocks(paths: Paths<Connection>, { request }: System, blocks: number): Promise<Paths<number[]>> {
  const timed: Paths<number[]> = { direct: [], gateway: [] };
  for (let block = 0; block < blocks; block += 1) {
    for (const way of ["direct", "gateway"] as const) {
      for (let call = 0; call < blockRequests; call += 1) {
        const startedAt = performance.now();
        await sendOne(paths[way], request);
        timed[way].push(performance.now() - startedAt);
      }
    }
  }
  return timed;
}

/** Microseconds; NaN where the system does not tell. */
async function measureCpu({ gateway, request }: System, connection: Connection, calls: number): Promise<number> {
  const before = cpuMs(gateway.pid);
  for (let call = 0; call < calls; call += 1) await sendOne(connection, request);
  const after = cpuMs(gateway.pid);
  return before === undefined || after === undefined ? Number.NaN : ((after - before) * 1000) / calls;
}

async function measureThroughput(
  system: System,
  { rounds, roundMs }: { rounds: number; roundMs: number },
): Promise<Figure[]> {
  const open = async (connect: () => Promise<Connection>): Promise<Connection[]> =>
    await Promise.all(Array.from({ length: connections }, connect));
  const pools = { direct: await open(system.connectUpstream), gateway: await open(system.connectGateway) };
  const perSecond: Paths<number[]> = { direct: [], gateway: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const way of ["direct", "gateway"] as const) {
      perSecond[way].push(await countPerSecond(pools[way], system.request, roundMs));
    }
  }
  for (const connection of [...pools.direct, ...pools.gateway]) connection.close();
  return (["gateway", "direct"] as const).map((way) => ({
    part: "gateway",
    name: `calls at ${connections} connections, ${way === "direct" ? "directly" : "through the gateway"}`,
    unit: "per s",
    reached: median(perSecond[way]),
    spread: [Math.min(...perSecond[way]), Math.max(...perSecond[way])],
    remark: "client, gateway and upstream share the cores",
  }));
}

async function countPerSecond(pool: readonly Connection[], request: Buffer, roundMs: number): Promise<number> {
  const startedAt = performance.now();
  let calls = 0;
  await Promise.all(
    pool.map(async (connection) => {
      while (performance.now() - startedAt < roundMs) {
        await sendOne(connection, request);
        calls += 1;
      }
    }),
  );
  return (calls * 1000) / (performance.now() - startedAt);
}

async function sendOne(connection: Connection, request: Buffer): Promise<void> {
  const status = await connection.send(request);
  if (status !== 200) throw new Error(`A call was answered with ${status}: ${connection.lastBody()}`);
}
