/** A control plane, from opening its folder to closing it again. What it is made of is in create-services.ts, what it answers in create-app.ts. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { KillStore } from "@dimmer/stores";
import { createKillFile } from "@dimmer/stores/file";
import { systemClock, type Clock } from "./clock.ts";
import { createApp } from "./create-app.ts";
import { createServices, type Services } from "./create-services.ts";
import { prepareDirectory, readAdminToken, writeAdminToken, writeServerAddress } from "./data-directory.ts";
import type { FlagdOptions, FlagdPorts } from "./flagd/flagd-options.ts";
import type { FlagdServer } from "./flagd/flagd-server.ts";
import { followCommits } from "./follow-commits.ts";
import { isLoopback } from "./http/host-guard.ts";
import { listen } from "./http/listen.ts";
import { silentLog, type Log } from "./log.ts";
import { dropRegularly } from "./observations/drop-regularly.ts";
import type { OfrepOptions } from "./ofrep/ofrep-routes.ts";
import { observedThroughByAll } from "./rollouts/rollout-table.ts";
import { openSqliteStorage } from "./storage/sqlite-storage.ts";
import type { Storage } from "./storage/storage.ts";
import { watchStorage } from "./storage/watched-storage.ts";

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
  /** Serve `/metrics` without a token. @defaultValue true where `host` can only be reached from this machine */
  readonly isMetricsOpen?: boolean | undefined;
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

/**
 * Starts a control plane. The first start makes the environment `default` in stage dark and the admin token.
 *
 * @throws `storage_locked` when another process has the folder open; `storage_unavailable` when it cannot be used;
 * `config_invalid` when it cannot listen where it should.
 */
export async function createControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { directory, clock = systemClock, newId = randomUUID, log = silentLog } = options;
  prepareDirectory(directory);
  const storage = watchStorage(options.storage ?? (await openSqliteStorage({ directory })), clock, log);
  try {
    const services = createServices({
      storage,
      clock,
      log,
      newId,
      openKillStore:
        options.openKillStore ??
        ((environment) => createKillFile({ path: join(directory, `kills-${environment}.jsonl`) })),
      reconcileIntervalMs: options.reconcileIntervalMs ?? 1000,
    });
    await load(services);
    return await serve(services, options);
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** Brings what is stored into memory, where it then follows every commit; the first start has something to store first. */
async function load(services: Services): Promise<void> {
  const { commits, storage, environments, served, rolloutLoop } = services;
  await followCommits(commits, {
    ...services,
    flagSetChanged: (environment) => served.changed(environment),
    rolloutChanged: () => rolloutLoop.wake(),
  });
  await storage.isWritable();
  if (environments.names().length === 0) await environments.create("default", "first start");
}

/** The admin token of the folder; made, and left there, when there is none that is good. */
async function ensureAdminToken({ tokens }: Services, directory: string): Promise<string> {
  const given = readAdminToken(directory);
  const adminToken = await tokens.ensureAdmin(given);
  if (adminToken !== given) writeAdminToken(directory, adminToken);
  return adminToken;
}

/** Opens the ports, starts what runs by itself, and says how all of it ends. */
async function serve(services: Services, options: ControlPlaneOptions): Promise<ControlPlane> {
  const { directory, host = "127.0.0.1", port = 7700, isMetricsOpen = isLoopback(host) } = options;
  const { commits, storage, kills, deferredAudit, rolloutLoop, clock, log } = services;
  const adminToken = await ensureAdminToken(services, directory);
  let url = "";
  const app = await createApp(services, { ...options, host, adminToken, isMetricsOpen, url: () => url });
  const flagd = await startFlagd(services, host, options.flagd);
  url = await listen(app.server, host, port).catch(async (error: unknown) => {
    await flagd?.close();
    throw error;
  });
  const removeAddress = writeServerAddress(directory, url);

  const stopDropping = dropRegularly({
    commits,
    clock,
    log,
    readThrough: async (commit) => await observedThroughByAll(commit.writer),
  });
  rolloutLoop.wake();
  log.info({ url, directory }, "control plane ready");

  return {
    url,
    adminToken,
    flagdPorts: flagd?.ports ?? {},
    reconcile: async () => await rolloutLoop.run(),
    async close() {
      app.endStreams();
      await flagd?.close();
      await app.server.close();
      await rolloutLoop.stop();
      await stopDropping();
      await deferredAudit.flush();
      deferredAudit.stop();
      kills.stop();
      await storage.close();
      removeAddress();
    },
  };
}

/** flagd's services, where a port for them was given; nothing of gRPC is loaded otherwise. */
async function startFlagd(
  { served, tokens, environments, clock, log }: Services,
  host: string,
  options: FlagdOptions = {},
): Promise<FlagdServer | undefined> {
  if (options.syncPort === undefined && options.evaluationPort === undefined) return undefined;
  const { startFlagdServer } = await import("./flagd/flagd-server.ts");
  return await startFlagdServer({
    ...options,
    isOpen: options.isOpen ?? isLoopback(host),
    host,
    served,
    tokens,
    environments: () => environments.names(),
    clock,
    log,
  });
}
