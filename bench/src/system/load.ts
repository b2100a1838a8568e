/** Steady traffic, remembered call by call: connections that never rest, and probes that start about every millisecond. */
import type { Connection } from "./connection.ts";
import type { System } from "./system.ts";

export interface Call {
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly status: number;
}

export interface Load {
  /** Finished since the last `forget`. */
  calls(): readonly Call[];
  forget(): void;
  perSecond(): number;
  stop(): Promise<void>;
}

export interface LoadOptions {
  readonly connections: number;
  /** Probes that may wait for their answer at a time; beyond that none starts. */
  readonly probes: number;
}

export async function startLoad(system: System, { connections, probes }: LoadOptions): Promise<Load> {
  const open = async (count: number): Promise<Connection[]> =>
    await Promise.all(Array.from({ length: count }, system.connectGateway));
  const [restless, idle] = [await open(connections), await open(probes)];
  const all = [...restless, ...idle];
  const begunAt = performance.now();
  let calls: Call[] = [];
  let total = 0;
  let isStopped = false;

  const call = async (connection: Connection): Promise<void> => {
    const startedAt = performance.now();
    const status = await connection.send(system.request);
    calls.push({ startedAt, finishedAt: performance.now(), status });
    total += 1;
  };
  const running = restless.map(async (connection) => {
    while (!isStopped) {
      await call(connection);
      // Refusals come at once, and a client that asks again at once would measure only itself.
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  });
  const probing = setInterval(() => {
    const connection = idle.pop();
    if (connection === undefined) return;
    running.push(call(connection).then(() => void idle.push(connection)));
  }, 1);

  return {
    calls: () => calls,
    forget: () => {
      calls = [];
    },
    perSecond: () => (total * 1000) / (performance.now() - begunAt),
    stop: async () => {
      isStopped = true;
      clearInterval(probing);
      await Promise.all(running);
      for (const connection of all) connection.close();
    },
  };
}
