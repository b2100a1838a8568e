/**
 * From sending a change to the control plane until the last of a thousand subscribers has received it whole: commit,
 * compilation and everything else on the way included. The subscribers are in one process of their own, so on a small
 * machine they take their share of it, and what is measured is rather too much.
 */
import { formatNumber } from "../figure.ts";
import type { Figure } from "../figure.ts";
import type { PartOptions } from "../part.ts";
import { median, percentile } from "../statistics.ts";
import { cpuMs } from "../system/process-usage.ts";
import { fileLimit } from "./file-limit.ts";
import type { FlagServer } from "./flag-server.ts";
import type { FollowerName } from "./followers.ts";
import { startFollowers } from "./start-followers.ts";
import type { Followers } from "./start-followers.ts";

const subscribers = 1_000;
/** Beside its connections a process has some files open. */
const spareFiles = 100;

interface Stream {
  readonly name: string;
  readonly follower: FollowerName;
  readonly port: number;
  readonly path: string;
}

/** Of one change. */
interface Delivery {
  readonly firstMs: number;
  readonly lastMs: number;
  readonly bytes: number;
}

export async function measureFollowers(server: FlagServer, { isQuick, say }: PartOptions): Promise<Figure[]> {
  const limit = fileLimit();
  const figures: Figure[] = [];
  for (const stream of await streamsOf(server)) {
    if (limit < subscribers + spareFiles) {
      const remark = `skipped: needs ${subscribers + spareFiles} open files, ${limit} are allowed (ulimit -n)`;
      figures.push({ ...judged(stream), reached: Number.NaN, remark });
      continue;
    }
    figures.push(...(await measureStream(server, stream, isQuick ? 10 : 100)));
    say(`followers: ${stream.name}`);
  }
  return figures;
}

async function measureStream(server: FlagServer, stream: Stream, changes: number): Promise<Figure[]> {
  const followers = await startFollowers({ ...stream, token: server.token, count: subscribers });
  try {
    // Until the compilers had their time.
    for (let change = 0; change < changes / 10; change += 1) await changeOnce(server, followers);
    const cpuBefore = cpuMs(server.pid);
    const seen: Delivery[] = [];
    for (let change = 0; change < changes; change += 1) seen.push(await changeOnce(server, followers));
    const spentMs = (cpuMs(server.pid) ?? Number.NaN) - (cpuBefore ?? Number.NaN);
    return figuresOf(stream, seen, spentMs / changes);
  } finally {
    await followers.stop();
  }
}

async function changeOnce(server: FlagServer, followers: Followers): Promise<Delivery> {
  // Not in step with anything that happens at intervals.
  await new Promise((resolve) => setTimeout(resolve, 100 + Math.random() * 50));
  const arrival = followers.received();
  const sentAtMs = Number(process.hrtime.bigint()) / 1e6;
  const [{ firstAtMs, lastAtMs, bytes }] = await Promise.all([arrival, server.change()]);
  return { firstMs: firstAtMs - sentAtMs, lastMs: lastAtMs - sentAtMs, bytes };
}

function figuresOf(stream: Stream, seen: readonly Delivery[], cpuMsPerChange: number): Figure[] {
  const last = seen.map(({ lastMs }) => lastMs);
  const kilobytes = ((seen[0]?.bytes ?? 0) / 1000).toFixed(1);
  const row = { part: "followers", unit: "ms" };
  return [
    {
      ...judged(stream),
      reached: percentile(last, 0.99),
      spread: [Math.min(...last), Math.max(...last)],
      remark: `${Math.ceil(0.99 * last.length)}th of ${last.length} changes, ${kilobytes} kB to each`,
    },
    {
      ...row,
      name: `${stream.name}, p50`,
      reached: median(last),
      remark: `to the first of them ${formatNumber(median(seen.map(({ firstMs }) => firstMs)))} ms`,
    },
    { ...row, name: `${stream.name}, CPU time of the server per change`, reached: cpuMsPerChange },
  ];
}

function judged({ name }: Stream): Omit<Figure, "reached"> {
  return {
    part: "followers",
    name: `${name}, change to last of ${subscribers.toLocaleString("en")}, p99`,
    unit: "ms",
    target: { atMost: 250 },
  };
}

async function streamsOf(server: FlagServer): Promise<Stream[]> {
  const { port, syncPort, evaluationPort } = server;
  const dimmer = "/api/v1/environments/default/stream?topics=flag-set";
  return [
    { name: "SSE, OFREP", follower: "events", port, path: await server.ofrepStream() },
    { name: "SSE, Dimmer's own", follower: "events", port, path: dimmer },
    { name: "gRPC, flagd sync", follower: "grpc", port: syncPort, path: "/flagd.sync.v1.FlagSyncService/SyncFlags" },
    {
      name: "gRPC, flagd events",
      follower: "grpc",
      port: evaluationPort,
      path: "/flagd.evaluation.v2.Service/EventStream",
    },
  ];
}
