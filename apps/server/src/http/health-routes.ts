/** Health for machines: alive and ready. Without a token, because whoever restarts a process has none, and they say nothing that is worth one. */
import type { FastifyInstance } from "fastify";
import type { Clock } from "../clock.ts";
import type { WatchedStorage } from "../storage/watched-storage.ts";

/** A health check tries the database at most this often. */
const probeIntervalMs = 5000;

/** `/healthz`: the process answers. `/readyz`: it serves, and whether it can also write. */
export function registerHealthRoutes(app: FastifyInstance, storage: WatchedStorage, clock: Clock): void {
  let probedAtMs = -Infinity;

  async function probe(): Promise<boolean> {
    if (clock.nowMs() - probedAtMs < probeIntervalMs) return storage.isHealthy;
    probedAtMs = clock.nowMs();
    return await storage.isWritable();
  }

  app.get("/healthz", async () => ({ ok: true }));

  app.get("/readyz", async (_request, reply) => {
    const isStorageWritable = await probe();
    const body = {
      ready: isStorageWritable,
      isStorageWritable,
      ...(isStorageWritable
        ? {}
        : { reason: "The database cannot be written: changes are refused; reads and kills work." }),
    };
    return await reply.status(isStorageWritable ? 200 : 503).send(body);
  });
}
