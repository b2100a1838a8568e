/**
 * What a single evaluation by OFREP costs beside a bare Fastify route that answers a constant: the same request, the same
 * bytes as answer, over connections that are kept, in rounds that take turns.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { evaluationContext } from "../flags/flagd-definitions.ts";
import { users } from "../flags/workloads.ts";
import type { Figure } from "../figure.ts";
import type { PartOptions } from "../part.ts";
import { median } from "../statistics.ts";
import { Connection } from "../system/connection.ts";
import { cpuMs } from "../system/process-usage.ts";
import type { FlagServer } from "./flag-server.ts";

/** Of the mixed set: one with a rule. */
const askedFlag = "mixed.flag-9";
const connections = 16;
/** Applications, each with a token and so with a rate limit of its own; one alone is held to 20,000 questions a second. */
const applications = 4;

/** One of the two servers, under load. */
interface Contestant {
  readonly pid: number;
  readonly connections: readonly Connection[];
  readonly requests: readonly Buffer[];
}

interface Round {
  readonly perSecond: number;
  /** Of the server; NaN where the system does not tell. */
  readonly cpuUsPerCall: number;
}

export async function measureOfrep(server: FlagServer, { isQuick, say }: PartOptions): Promise<Figure[]> {
  const tokens = await Promise.all(Array.from({ length: applications }, async () => await server.createToken()));
  const dimmer = await connect(server.port, server.pid, tokens);
  const bare = await startBareRoute(await answerOf(dimmer));
  const route = await connect(bare.port, bare.pid, tokens);
  const [rounds, roundMs] = isQuick ? [4, 200] : [40, 400];
  const seen: { dimmer: Round; route: Round }[] = [];
  try {
    // Until the compilers of both had their time.
    for (const contestant of [dimmer, route]) await load(contestant, isQuick ? 500 : 3_000);
    for (let round = 0; round < rounds; round += 1) {
      // Another one begins each time.
      if (round % 2 === 0) seen.push({ dimmer: await load(dimmer, roundMs), route: await load(route, roundMs) });
      else {
        const first = await load(route, roundMs);
        seen.push({ dimmer: await load(dimmer, roundMs), route: first });
      }
    }
  } finally {
    for (const connection of [...dimmer.connections, ...route.connections]) connection.close();
    bare.stop();
  }
  say(`ofrep: ${rounds} rounds`);
  return figuresOf(seen);
}

function figuresOf(seen: readonly { readonly dimmer: Round; readonly route: Round }[]): Figure[] {
  const row = (name: string, unit: string, values: readonly number[]): Figure => ({
    part: "ofrep",
    name,
    unit,
    reached: median(values),
    spread: [Math.min(...values), Math.max(...values)],
  });
  const target = { atLeast: 0.6 };
  const perSecond = seen.map(({ dimmer, route }) => dimmer.perSecond / route.perSecond);
  const perCpuSecond = seen.map(({ dimmer, route }) => route.cpuUsPerCall / dimmer.cpuUsPerCall);
  const figures: Figure[] = [
    {
      ...row("single evaluations per s against a bare Fastify route", "times", perSecond),
      target,
      remark: `${connections} connections, ${seen.length} rounds in turns`,
    },
    {
      ...row("the same per s of the servers' CPU time", "times", perCpuSecond),
      target,
      remark: "leaves out what the client and others take",
    },
    row(
      "single evaluations",
      "per s",
      seen.map(({ dimmer }) => dimmer.perSecond),
    ),
    row(
      "calls of the bare route",
      "per s",
      seen.map(({ route }) => route.perSecond),
    ),
    row(
      "CPU time of the server per evaluation",
      "µs",
      seen.map(({ dimmer }) => dimmer.cpuUsPerCall),
    ),
    row(
      "CPU time of the bare route per call",
      "µs",
      seen.map(({ route }) => route.cpuUsPerCall),
    ),
  ];
  // Without what the system does not tell.
  return figures.filter(({ reached }) => Number.isFinite(reached));
}

async function connect(port: number, pid: number, tokens: readonly string[]): Promise<Contestant> {
  return {
    pid,
    connections: await Promise.all(Array.from({ length: connections }, async () => await Connection.open(port))),
    requests: tokens.map((token) => requestBytes(port, token)),
  };
}

/** The answer that the bare route gives too. */
async function answerOf({ connections: [connection], requests: [request] }: Contestant): Promise<string> {
  if (connection === undefined || request === undefined) throw new Error("Nobody asks.");
  await ask(connection, request);
  return connection.lastBody();
}

/** Asks over all connections at once, each as soon as it is answered. */
async function load({ pid, connections: all, requests }: Contestant, forMs: number): Promise<Round> {
  const [startedAt, cpuBefore] = [performance.now(), cpuMs(pid)];
  let calls = 0;
  await Promise.all(
    all.map(async (connection, index) => {
      const request = requests[index % requests.length];
      while (request !== undefined && performance.now() - startedAt < forMs) {
        await ask(connection, request);
        calls += 1;
      }
    }),
  );
  const tookMs = performance.now() - startedAt;
  const spentMs = (cpuMs(pid) ?? Number.NaN) - (cpuBefore ?? Number.NaN);
  return { perSecond: (calls * 1000) / tookMs, cpuUsPerCall: (spentMs * 1000) / calls };
}

async function ask(connection: Connection, request: Buffer): Promise<void> {
  const status = await connection.send(request);
  if (status !== 200) throw new Error(`A question was answered with ${status}: ${connection.lastBody()}`);
}

function requestBytes(port: number, token: string): Buffer {
  const [user] = users;
  const body = JSON.stringify({ context: user === undefined ? {} : evaluationContext(user) });
  const head = [
    `POST /ofrep/v1/evaluate/flags/${askedFlag} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    "content-type: application/json",
    `authorization: Bearer ${token}`,
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`);
}

async function startBareRoute(answer: string): Promise<{ readonly port: number; readonly pid: number; stop(): void }> {
  const module = fileURLToPath(new URL("bare-route-process.ts", import.meta.url));
  const child = fork(module, { env: { ...process.env, ANSWER: answer }, execArgv: [] });
  const [{ port }] = (await once(child, "message")) as [{ port: number }];
  return { port, pid: child.pid ?? 0, stop: () => child.disconnect() };
}
