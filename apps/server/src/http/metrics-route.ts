/**
 * `/metrics`, for Prometheus. On loopback anybody of this machine may read it, as scrapers expect; elsewhere it takes a
 * token, because it tells flags, their exposure and kills.
 */
import type { FastifyInstance } from "fastify";
import { readMetrics, type MetricSources } from "./metrics.ts";

export interface MetricsRouteServices extends Omit<MetricSources, "requests"> {
  /** Judges an Authorization header; undefined: everybody may read. */
  readonly authorize: ((authorization: string | undefined) => void) | undefined;
}

/** Mounts it, and counts every answer of the server for it. */
export function registerMetricsRoute(app: FastifyInstance, services: MetricsRouteServices): void {
  const answered = new Map<string, number>();
  app.addHook("onResponse", (_request, reply, done) => {
    const statusClass = `${Math.floor(reply.statusCode / 100)}xx`;
    answered.set(statusClass, (answered.get(statusClass) ?? 0) + 1);
    done();
  });

  app.get("/metrics", async (request, reply) => {
    services.authorize?.(request.headers.authorization);
    return await reply
      .type("text/plain; version=0.0.4; charset=utf-8")
      .send(readMetrics({ ...services, requests: () => answered }));
  });
}
