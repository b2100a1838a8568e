/** The composition root: puts storage, features and HTTP together, and takes them apart again. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import {
  catalogDefinitions,
  defaultLinkedFlags,
  defaultRolloutFlag,
  inertFlags,
  planPresets,
  stages,
} from "@dimmer/catalog";
import { DimmerError } from "@dimmer/spec/errors";
import type { KillStore } from "@dimmer/stores";
import { createKillFile } from "@dimmer/stores/file";
import { listAudit } from "./audit/audit-log.ts";
import { systemClock, type Clock } from "./clock.ts";
import { prepareDirectory, readAdminToken, writeAdminToken, writeServerAddress } from "./data-directory.ts";
import { environmentHandlers } from "./environments/environment-routes.ts";
import { EnvironmentService } from "./environments/environment-service.ts";
import { flagHandlers } from "./flags/flag-routes.ts";
import { FlagService } from "./flags/flag-service.ts";
import { ServedFlags } from "./flags/served-flags.ts";
import type { FlagdOptions, FlagdPorts } from "./flagd/flagd-options.ts";
import type { FlagdServer } from "./flagd/flagd-server.ts";
import { followCommits } from "./follow-commits.ts";
import { registerHealthRoutes } from "./http/health-routes.ts";
import { isLoopback } from "./http/host-guard.ts";
import { createHttpServer, defaultBodyLimitBytes, notFound } from "./http/http-server.ts";
import { registerProofRoute } from "./http/proof-route.ts";
import { registerRoutes } from "./http/register-routes.ts";
import type { RouteHandlers } from "./http/route-handlers.ts";
import { DeferredAudit } from "./kills/deferred-audit.ts";
import { killHandlers } from "./kills/kill-routes.ts";
import { KillService } from "./kills/kill-service.ts";
import { silentLog, type Log } from "./log.ts";
import { dropOldObservations } from "./observations/drop-old-observations.ts";
import { ObservationService } from "./observations/observation-service.ts";
import { registerOfrep, type OfrepOptions } from "./ofrep/ofrep-routes.ts";
import { ReplicaRegistry } from "./replicas/replica-registry.ts";
import { RolloutLoop } from "./rollouts/rollout-loop.ts";
import { rolloutHandlers } from "./rollouts/rollout-routes.ts";
import { RolloutService } from "./rollouts/rollout-service.ts";
import { findOwners, makeDue, observedThroughByAll } from "./rollouts/rollout-table.ts";
import { stageHandlers } from "./stages/stage-routes.ts";
import { StageService } from "./stages/stage-service.ts";
import { readStatus } from "./status/environment-status.ts";
import { ReadOnlyMode } from "./status/read-only-mode.ts";
import { createCommits } from "./storage/commits.ts";
import { openSqliteStorage } from "./storage/sqlite-storage.ts";
import type { Storage } from "./storage/storage.ts";
import { watchStorage } from "./storage/watched-storage.ts";
import { createStreamRoute } from "./stream/open-stream.ts";
import { StreamHub } from "./stream/stream-hub.ts";
import { tokenHandlers } from "./tokens/token-routes.ts";
import { TokenService } from "./tokens/token-service.ts";

/** What a control plane needs. */
export interface ControlPlaneOptions {
  /** Data folder: database, kill logs, admin token. Created 0700. */
  readonly directory: string;
  /** Address to listen on. @defaultValue 127.0.0.1 */
  readonly host?: string | undefined;
  /** 0: any free port. @defaultValue 7700 */
  readonly port?: number | undefined;
  readonly clock?: Clock | undefined;
  /** Makes ids of records; unique for ever, at most 64 characters. @defaultValue random UUIDs */
  readonly newId?: (() => string) | undefined;
  /** @defaultValue silent */
  readonly log?: Log | undefined;
  /** Folder of the built dashboard; absent: none is served. */
  readonly dashboardDirectory?: string | undefined;
  /** The database. @defaultValue SQLite in `directory` */
  readonly storage?: Storage | undefined;
  /** Where an environment's kills are kept. @defaultValue a kill log in `directory` */
  readonly openKillStore?: ((environment: string) => KillStore) | undefined;
  /** How often rollouts are looked at when nothing arrives. @defaultValue 1,000 */
  readonly reconcileIntervalMs?: number | undefined;
  /** @defaultValue 4 MiB */
  readonly bodyLimitBytes?: number | undefined;
  /** How OpenFeature clients are answered. */
  readonly ofrep?: OfrepOptions | undefined;
  /** Which of flagd's gRPC services are served. @defaultValue none */
  readonly flagd?: FlagdOptions | undefined;
}

/** A running control plane. */
export interface ControlPlane {
  readonly url: string;
  /** Secret of the token that may do everything; also in `admin-token` in the data folder. */
  readonly adminToken: string;
  /** Where flagd's services listen, as far as they are served. */
  readonly flagdPorts: FlagdPorts;
  /** Judges every rollout that is due, now. The loop does so by itself. */
  reconcile(): Promise<void>;
  /** Stops listening, ends the streams and closes the database. */
  close(): Promise<void>;
}

/** How often observations that were used are dropped. */
const dropIntervalMs = 10 * 60 * 1000;
/** A health check tries the database at most this often. */
const probeIntervalMs = 5000;

/**
 * Starts a control plane. The first start makes the environment `default` in stage dark and the admin token.
 *
 * @throws `storage_locked` when another process has the folder open; `storage_unavailable` when it cannot be used.
 */
export async function createControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const {
    directory,
    host = "127.0.0.1",
    port = 7700,
    clock = systemClock,
    newId = randomUUID,
    log = silentLog,
  } = options;
  prepareDirectory(directory);
  const storage = watchStorage(options.storage ?? (await openSqliteStorage({ directory })), clock, log);
  try {
    return await compose();
  } catch (error) {
    await storage.close();
    throw error;
  }

  async function compose(): Promise<ControlPlane> {
    const commits = createCommits(storage, clock, log);
    const hub = new StreamHub(clock, newId());
    const replicas = new ReplicaRegistry(clock, (environment, list) =>
      hub.publish(environment, { event: "replicas", data: list }),
    );
    const deferredAudit = new DeferredAudit(commits, clock, log);
    const kills = new KillService({
      clock,
      log,
      newId,
      openStore:
        options.openKillStore ??
        ((environment) => createKillFile({ path: join(directory, `kills-${environment}.jsonl`) })),
      publish: (environment, state) => {
        hub.publish(environment, { event: "kills", data: state });
        served.changed(environment);
      },
      awaitReplicas: async (environment, version, deadlineMs) =>
        await replicas.awaitKillVersion(environment, version, deadlineMs),
      audit: (record) => deferredAudit.add(record),
    });
    const flags = new FlagService({ storage, commits, newId, findOwners });
    const served = new ServedFlags({
      flagSet: (environment) => flags.state(environment),
      kills: (environment) => kills.state(environment),
      killedFlags: (environment) => kills.killedFlags(environment),
      log,
    });
    const readOnlyMode = new ReadOnlyMode(flags, kills, clock);
    const rollouts = new RolloutService({
      storage,
      commits,
      flags,
      newId,
      presets: planPresets,
      linkedFlags: (flag) => (flag === defaultRolloutFlag ? defaultLinkedFlags : []),
      stageFlag: defaultRolloutFlag,
      surroundings: (environment) => ({
        killedFlags: kills.killedFlags(environment),
        nowMs: clock.nowMs(),
        nextStageTurningOn: (flag) => stageService.nextStageTurningOn(environment, flag),
      }),
    });
    const stageService = new StageService({
      storage,
      commits,
      clock,
      flags,
      stages,
      definitions: catalogDefinitions,
      rollouts: {
        abort: async (commit, environment, flags, author) => await rollouts.abort(commit, environment, flags, author),
        whyIncomplete: async (reader, environment) => await rollouts.whyIncomplete(reader, environment),
        ownedFlags: (environment) => new Set(rollouts.owners(environment).keys()),
      },
    });
    const environments = new EnvironmentService({
      storage,
      commits,
      flags,
      stages: stageService,
      definitions: catalogDefinitions,
    });
    const tokens = new TokenService(storage, commits, clock);
    const loop = new RolloutLoop({
      commits,
      clock,
      log,
      flags,
      rollouts,
      owner: newId(),
      intervalMs: options.reconcileIntervalMs ?? 1000,
      hasUnfinished: () => environments.names().some((environment) => rollouts.owners(environment).size > 0),
      isReadOnly: (environment) => readOnlyMode.isOn(environment),
    });
    const observations = new ObservationService({
      commits,
      arrived: async (commit, environment, names) => await makeDue(commit.writer, environment, names, commit.nowMs),
      committed: () => loop.wake(),
    });

    await followCommits(commits, {
      storage,
      hub,
      environments,
      flags,
      kills,
      stages: stageService,
      rollouts,
      tokens,
      flagSetChanged: (environment) => served.changed(environment),
      rolloutChanged: () => loop.wake(),
    });
    await storage.isWritable();
    if (environments.names().length === 0) await environments.create("default", "first start");
    const given = readAdminToken(directory);
    const adminToken = await tokens.ensureAdmin(given);
    if (adminToken !== given) writeAdminToken(directory, adminToken);

    const statusServices = {
      flags,
      kills,
      stages: stageService,
      rollouts,
      replicas,
      readOnlyMode,
      isStorageWritable: () => storage.isHealthy,
    };
    const handlers: RouteHandlers = {
      ...environmentHandlers(environments, readOnlyMode),
      ...flagHandlers({
        storage,
        flags,
        kills,
        owners: (environment) => rollouts.owners(environment),
        inert: inertFlags,
        readOnlyMode,
        clock,
      }),
      ...killHandlers(kills, readOnlyMode),
      ...stageHandlers(stageService, readOnlyMode),
      ...rolloutHandlers(rollouts, readOnlyMode),
      ...tokenHandlers(tokens, environments, readOnlyMode),
      getStatus: ({ params }) => readStatus(statusServices, params.environment),
      sendObservations: async ({ params, body }) => await observations.take(params.environment, body),
      listAudit: async ({ params, query }) => await listAudit(storage.read, params.environment, query),
      listReplicas: ({ params }) => replicas.list(params.environment),
      reportReplica: ({ params, body }) => replicas.report(params.environment, params.instance, body),
    };

    const { bodyLimitBytes = defaultBodyLimitBytes, ofrep = {} } = options;
    const { allowedOrigins } = ofrep;
    const app = createHttpServer({ log, isLocalOnly: isLoopback(host), allowedOrigins, bodyLimitBytes });
    const stream = createStreamRoute({ hub, replicas, clock, isTokenValid: (id) => tokens.isValid(id) });
    registerRoutes(app, {
      authenticate: (authorization) => tokens.authenticate(authorization),
      requireEnvironment: (name) => environments.require(name),
      handlers,
      openStream: (call, request, reply) => stream.open(call, request, reply),
    });
    const ofrepStreams = registerOfrep(app, {
      ...ofrep,
      served,
      tokens,
      requireEnvironment: (name) => environments.require(name),
      bodyLimitBytes,
      clock,
      log,
    });
    app.get("/openapi.json", async () => (await import("./http/open-api.ts")).openApiDocument());
    const answered = new Map<string, number>();
    app.addHook("onResponse", (_request, reply, done) => {
      const statusClass = `${Math.floor(reply.statusCode / 100)}xx`;
      answered.set(statusClass, (answered.get(statusClass) ?? 0) + 1);
      done();
    });
    let probedAtMs = -Infinity;
    registerHealthRoutes(app, {
      async probeStorage() {
        if (clock.nowMs() - probedAtMs < probeIntervalMs) return storage.isHealthy;
        probedAtMs = clock.nowMs();
        return await storage.isWritable();
      },
      isStorageWritable: () => storage.isHealthy,
      streamReaders: () => hub.readerCount,
      requests: () => answered,
      environments: () =>
        environments.names().map((environment) => ({
          environment,
          flagSetVersion: flags.state(environment).flagSet.version,
          killVersion: kills.state(environment).killVersion,
          activeKills: kills.state(environment).active.length,
          connectedReplicas: replicas.list(environment).filter((replica) => replica.isConnected).length,
          unfinishedRollouts: rollouts
            .latest(environment)
            .filter((rollout) => rollout.endedAt === undefined)
            .map((rollout) => ({
              flag: rollout.flag,
              status: rollout.status,
              weightPercent: rollout.plan.steps[rollout.stepIndex]?.weightPercent ?? 0,
            })),
        })),
    });
    if (options.dashboardDirectory === undefined) {
      app.setNotFoundHandler((request) => {
        throw notFound(request);
      });
    } else {
      const { registerDashboard } = await import("./http/dashboard-files.ts");
      await registerDashboard(app, options.dashboardDirectory);
    }
    const flagd = await startFlagd();
    let url = "";
    registerProofRoute(app, adminToken, () => url);
    url = await listen(app, host, port).catch(async (error: unknown) => {
      await flagd?.close();
      throw error;
    });
    const removeAddress = writeServerAddress(directory, url);

    let cancelDrop = (): void => undefined;
    let dropping = Promise.resolve();
    const scheduleDrop = (): void => {
      cancelDrop = clock.after(dropIntervalMs, () => {
        dropping = dropOldObservations(commits, async (commit) => await observedThroughByAll(commit.writer)).catch(
          (error: unknown) => log.error({ error }, "old observations could not be dropped"),
        );
        scheduleDrop();
      });
    };
    scheduleDrop();
    loop.wake();
    log.info({ url, directory }, "control plane ready");

    async function startFlagd(): Promise<FlagdServer | undefined> {
      if (options.flagd?.syncPort === undefined && options.flagd?.evaluationPort === undefined) return undefined;
      const { startFlagdServer } = await import("./flagd/flagd-server.ts");
      const { isOpen = isLoopback(host), ...ports } = options.flagd;
      return await startFlagdServer({
        ...ports,
        isOpen,
        host,
        served,
        tokens,
        environments: () => environments.names(),
        clock,
        log,
      });
    }

    return {
      url,
      adminToken,
      flagdPorts: flagd?.ports ?? {},
      reconcile: async () => await loop.run(),
      async close() {
        cancelDrop();
        stream.close();
        ofrepStreams.close();
        await flagd?.close();
        await app.close();
        await loop.stop();
        await dropping;
        await deferredAudit.flush();
        deferredAudit.stop();
        kills.stop();
        await storage.close();
        removeAddress();
      },
    };
  }
}

async function listen(app: ReturnType<typeof createHttpServer>, host: string, port: number): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EADDRINUSE") {
      throw new DimmerError(
        "config_invalid",
        `The port ${port} on ${host} is taken. Choose another, or 0 for any free one.`,
        { host, port },
        { cause: error },
      );
    }
    if (
      error instanceof Error &&
      "code" in error &&
      (error.code === "EADDRNOTAVAIL" || error.code === "EACCES" || error.code === "ENOTFOUND")
    ) {
      throw new DimmerError(
        "config_invalid",
        `This machine cannot listen on ${host}, port ${port} (${error.code}). Use an address of this machine and a port this user may open.`,
        { host, port },
        { cause: error },
      );
    }
    throw error;
  }
}
