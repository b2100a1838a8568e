/** Everything the control plane answers over HTTP: the API and its stream, OFREP, health, metrics, the dashboard. */
import type { FastifyInstance } from "fastify";
import { createHandlers } from "./create-handlers.ts";
import type { Services } from "./create-services.ts";
import { registerHealthRoutes } from "./http/health-routes.ts";
import { isLoopback } from "./http/host-guard.ts";
import { createHttpServer, defaultBodyLimitBytes, notFound } from "./http/http-server.ts";
import { registerMetricsRoute } from "./http/metrics-route.ts";
import { registerProofRoute } from "./http/proof-route.ts";
import { registerRoutes } from "./http/register-routes.ts";
import { registerOfrep, type OfrepOptions } from "./ofrep/ofrep-routes.ts";
import { environmentNumbers } from "./status/environment-numbers.ts";
import { createStreamRoute } from "./stream/open-stream.ts";
import { authorize } from "./tokens/authorize.ts";

/** How it answers. */
export interface AppOptions {
  /** Where it will listen: on loopback it answers only to the names of this machine. */
  readonly host: string;
  /** Where it listens, once it does. */
  readonly url: () => string;
  /** The folder's admin token: what it proves itself with. */
  readonly adminToken: string;
  readonly isMetricsOpen: boolean;
  readonly bodyLimitBytes?: number | undefined;
  readonly dashboardDirectory?: string | undefined;
  readonly ofrep?: OfrepOptions | undefined;
}

/** The server, not listening yet, and the end of the streams it opens. */
export interface App {
  readonly server: FastifyInstance;
  endStreams(): void;
}

/** Mounts all of it. */
export async function createApp(services: Services, options: AppOptions): Promise<App> {
  const { tokens, environments, hub, replicas, served, clock, log, storage } = services;
  const { host, bodyLimitBytes = defaultBodyLimitBytes, ofrep = {} } = options;
  const requireEnvironment = (name: string): void => environments.require(name);
  const server = createHttpServer({
    log,
    isLocalOnly: isLoopback(host),
    allowedOrigins: ofrep.allowedOrigins,
    bodyLimitBytes,
  });

  const stream = createStreamRoute({ hub, replicas, clock, isTokenValid: (id) => tokens.isValid(id) });
  registerRoutes(server, {
    authenticate: (authorization) => tokens.authenticate(authorization),
    requireEnvironment,
    handlers: createHandlers(services),
    openStream: (call, request, reply) => stream.open(call, request, reply),
  });
  server.get("/openapi.json", async () => (await import("./http/open-api.ts")).openApiDocument());
  const ofrepStreams = registerOfrep(server, {
    ...ofrep,
    served,
    tokens,
    requireEnvironment,
    environments: () => environments.names(),
    bodyLimitBytes,
    clock,
    log,
  });

  registerHealthRoutes(server, storage, clock);
  registerProofRoute(server, options.adminToken, options.url);
  registerMetricsRoute(server, {
    isStorageWritable: () => storage.isHealthy,
    streamReaders: () => hub.readerCount,
    environments: () => environments.names().map((environment) => environmentNumbers(services, environment)),
    authorize: options.isMetricsOpen
      ? undefined
      : (authorization) => authorize(tokens.authenticate(authorization), "read", undefined),
  });

  if (options.dashboardDirectory === undefined) {
    server.setNotFoundHandler((request) => {
      throw notFound(request);
    });
  } else {
    const { registerDashboard } = await import("./http/dashboard-files.ts");
    await registerDashboard(server, options.dashboardDirectory);
  }

  return {
    server,
    endStreams: () => {
      stream.close();
      ofrepStreams.close();
    },
  };
}
