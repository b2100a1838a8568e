/** Health for machines: alive, ready, and numbers. No token: they say nothing that is worth one, and only loopback is open by default. */
import type { FastifyInstance } from "fastify";
import { readMetrics, type MetricSources } from "./metrics.ts";

export interface HealthServices extends MetricSources {
  /** Tries the database. */
  readonly probeStorage: () => Promise<boolean>;
}

/** `/healthz`: the process answers. `/readyz`: it serves, and whether it can also write. `/metrics`: Prometheus text. */
export function registerHealthRoutes(app: FastifyInstance, services: HealthServices): void {
  app.get("/healthz", async () => ({ ok: true }));

  app.get("/readyz", async (_request, reply) => {
    const isStorageWritable = await services.probeStorage();
    const body = {
      ready: isStorageWritable,
      isStorageWritable,
      ...(isStorageWritable
        ? {}
        : { reason: "The database cannot be written: changes are refused; reads and kills work." }),
    };
    return await reply.status(isStorageWritable ? 200 : 503).send(body);
  });

  app.get(
    "/metrics",
    async (_request, reply) => await reply.type("text/plain; version=0.0.4; charset=utf-8").send(readMetrics(services)),
  );
}
