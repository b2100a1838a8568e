/** Puts a gateway together from its configuration and runs it: the composition root of this package. */
import { randomUUID } from "node:crypto";
import { isIPv4 } from "node:net";
import { providerFlag } from "@dimmer/catalog";
import { DimmerError } from "@dimmer/spec/errors";
import { createAddresses } from "./addresses/addresses.ts";
import type { CallerParts } from "./calls/caller.ts";
import { RunningRequests } from "./chat/running-requests.ts";
import { ShadowRunner } from "./chat/shadow-runner.ts";
import type { GatewayConfigInput } from "./config/gateway-config.ts";
import { configError, parseGatewayConfig } from "./config/parse-config.ts";
import { createHttpServer } from "./http/http-server.ts";
import { Measurements } from "./measurements/measurements.ts";
import { systemClock } from "./ports/clock.ts";
import type { Clock } from "./ports/clock.ts";
import { silentLog } from "./ports/log.ts";
import type { Log } from "./ports/log.ts";
import type { Switches } from "./ports/switches.ts";
import { createProviders } from "./providers/create-providers.ts";
import { priorityRouter } from "./routing/priority-router.ts";
import type { Router } from "./routing/router.ts";

/** What a gateway is made from: its configuration, the flags it obeys, and what a test replaces. */
export interface GatewayOptions {
  /** Parsed and checked here; every fault of it is in the error. */
  readonly config: GatewayConfigInput;
  /** Flags, kills and where observations go; the SDK's Dimmer fits. It stays the caller's to close. */
  readonly dimmer: Switches;
  /** v2. Absent: every request is answered by v1. */
  readonly router?: Router;
  /** For /admin; without one these addresses refuse everybody. */
  readonly adminToken?: string;
  /** Where provider keys are looked up by the names the configuration gives. @defaultValue process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** @defaultValue says nothing */
  readonly log?: Log;
  readonly clock?: Clock;
  readonly ids?: () => string;
  /** 0 to 1, for retry jitter and simulated providers. @defaultValue Math.random */
  readonly random?: () => number;
}

/** A gateway that is made, and takes requests from `listen` to `close`. */
export interface Gateway {
  /** Starts the providers, then takes requests. Rejects with `config_invalid` for an open gateway beyond loopback. */
  listen(address?: {
    readonly host?: string;
    readonly port?: number;
  }): Promise<{ readonly url: string; readonly port: number }>;
  /**
   * Turns unready, takes no new requests, and lets running ones finish for `graceMs` (default 30,000); what then still
   * runs gets `shutting_down`, streams as an event in them. A second call waits for the first.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * An OpenAI-compatible gateway behind flags and kills.
 *
 * @example
 * const gateway = createGateway({
 *   config: {
 *     providers: { bedrock: { type: "openai", baseUrl: "https://bedrock.example/v1", apiKeyEnv: "BEDROCK_KEY" } },
 *     routes: { chat: { models: [{ provider: "bedrock", model: "claude" }] } },
 *   },
 *   dimmer,
 * });
 * const { url } = await gateway.listen({ port: 7701 });
 */
export function createGateway(options: GatewayOptions): Gateway {
  const parse = parseGatewayConfig(options.config);
  if (!parse.ok) throw configError(parse.faults);
  const { config } = parse;
  const { dimmer, log = silentLog, clock = systemClock, ids = randomUUID, random = Math.random } = options;

  const built = createProviders(config.providers, {
    environment: options.environment ?? process.env,
    clock,
    ids,
    random,
  });
  const measurements = new Measurements();
  const running = new RunningRequests();
  const routes = new Map(Object.entries(config.routes).map(([name, route]) => [name, route.models]));
  const callers: CallerParts = {
    gate: {
      switches: dimmer,
      providerFlags: new Map([...built.providers.keys()].map((name) => [name, providerFlag(name)])),
    },
    providers: built.providers,
    prices: config.prices,
    retry: config.retry,
    timeouts: config.timeouts,
    clock,
    random,
    onAttempt: (model, result) => measurements.called(model, result),
  };
  const { deadlineMs } = config.timeouts;
  const { router } = options;
  const { concurrency } = config.shadow;
  const shadows =
    router === undefined
      ? undefined
      : new ShadowRunner({ router, callers, routes, measurements, log, concurrency, deadlineMs });
  const state = { isListening: false, isClosing: false };
  const addresses = createAddresses({
    chat: {
      callers,
      routes,
      routers: { priority: priorityRouter, orchestrated: router },
      shadows,
      measurements,
      running,
      deadlineMs,
      log,
    },
    config,
    simulated: built.simulated,
    adminToken: options.adminToken,
    state,
  });
  const server = createHttpServer({ addresses, limits: config.limits, ids, log });

  const close = async (graceMs: number): Promise<void> => {
    state.isClosing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    if (!(await running.waitIdle(graceMs))) {
      running.abortAll(new DimmerError("shutting_down"));
      await running.waitIdle(1000);
    }
    await shadows?.close();
    // Answers have been handed to the sockets; connections that are kept alive have nothing more to say.
    server.closeIdleConnections();
    const cutOff = setTimeout(() => server.closeAllConnections(), 1000);
    if (state.isListening) await closed;
    clearTimeout(cutOff);
    for (const provider of built.providers.values()) await provider.close();
  };
  let closing: Promise<void> | undefined;

  return {
    async listen({ host = "127.0.0.1", port = 0 } = {}) {
      if (!isLoopback(host) && config.apiKeys.length === 0 && !config.allowAnonymous) {
        const message = `A gateway without apiKeys does not listen on '${host}', where anybody could call it.`;
        throw new DimmerError("config_invalid", message, { field: "apiKeys", host });
      }
      for (const provider of built.providers.values()) await provider.start();
      await new Promise<void>((resolve, reject) => {
        const fail = (error: Error): void => reject(listenError(error, host, port));
        server.once("error", fail);
        server.listen(port, host, () => {
          server.off("error", fail);
          // A connection that could not be taken in (no memory, no handles left) is not the end of the others.
          server.on("error", (error) => log.error({ err: error }, "A connection could not be taken in."));
          resolve();
        });
      });
      state.isListening = true;
      const address = server.address();
      const boundPort = address !== null && typeof address === "object" ? address.port : port;
      return { url: `http://${host.includes(":") ? `[${host}]` : host}:${boundPort}`, port: boundPort };
    },

    close: ({ graceMs = 30_000 } = {}) => (closing ??= close(graceMs)),
  };
}

/** An address or port that cannot be had is the configuration's fault, not the gateway's. */
function listenError(error: Error, host: string, port: number): DimmerError {
  const why =
    "code" in error && error.code === "EADDRINUSE"
      ? `The port ${port} on ${host} is taken. Choose another, or 0 for any free one.`
      : `The gateway cannot listen on port ${port} of '${host}': ${error.message}.`;
  return new DimmerError("config_invalid", why, { host, port }, { cause: error });
}

function isLoopback(host: string): boolean {
  // A name may begin as an address does.
  return host === "localhost" || host === "::1" || (isIPv4(host) && host.startsWith("127."));
}
