/**
 * flagd's services on ports of their own, without TLS as flagd's clients speak by default: gRPC over HTTP/2, and
 * evaluation over HTTP/1.1 too. Loaded only where it is asked for.
 */
import { once } from "node:events";
import { createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo, Server, Socket } from "node:net";
import { Code, ConnectError, type ConnectRouter, type Interceptor } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { DimmerError, type ErrorKind } from "@dimmer/spec/errors";
import type { Clock } from "../clock.ts";
import { isLoopback } from "../http/host-guard.ts";
import type { Log } from "../log.ts";
import { createBothHttpVersions, type BothHttpVersions } from "./both-http-versions.ts";
import type { FlagdCallers } from "./caller.ts";
import { registerEvaluation } from "./evaluation-service.ts";
import type { FlagdOptions, FlagdPorts } from "./flagd-options.ts";
import { contextOf } from "./follow-changes.ts";
import { registerSync } from "./sync-service.ts";

export interface FlagdServerOptions extends FlagdCallers, Pick<FlagdOptions, "syncPort" | "evaluationPort"> {
  readonly host: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The services as they run. */
export interface FlagdServer {
  readonly ports: FlagdPorts;
  close(): Promise<void>;
}

/** A context larger than this is refused. */
const readMaxBytes = 4 * 1024 * 1024;
/** Answers are not compressed: every follower of a set would cost the work again. */
const compressMinBytes = 2 ** 31 - 1;
/** Who reads JSON by hand finds `"value": false` there, as flagd's own says it. */
const jsonOptions = { alwaysEmitImplicit: true };
/** A connection that leaves a ping unanswered until the next one is gone. */
const pingIntervalMs = 30_000;

/** @throws `config_invalid` when a port is taken. */
export async function startFlagdServer(options: FlagdServerOptions): Promise<FlagdServer> {
  const { syncPort, evaluationPort } = options;
  const stopping = new AbortController();
  const services: Service[] = [];

  async function serve(port: number, offer: Offer): Promise<number> {
    const service = createService(options, offer, stopping.signal);
    services.push(service);
    return await listen(service.server, options.host, port);
  }
  async function close(): Promise<void> {
    stopping.abort(new ConnectError("The server is stopping.", Code.Unavailable));
    await Promise.all(services.map(async ({ stop }) => await stop()));
  }

  try {
    const ports = {
      ...(syncPort === undefined
        ? {}
        : { syncPort: await serve(syncPort, { routes: (router) => registerSync(router, options), hasHttp1: false }) }),
      ...(evaluationPort === undefined
        ? {}
        : {
            evaluationPort: await serve(evaluationPort, {
              routes: (router) => registerEvaluation(router, options),
              hasHttp1: true,
            }),
          }),
    };
    return { ports, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What one port serves. */
interface Offer {
  readonly routes: (router: ConnectRouter) => void;
  /** Whether by HTTP/1.1 too. Not where whole definitions are handed out: no page can ask for them by HTTP/2. */
  readonly hasHttp1: boolean;
}

interface Service {
  readonly server: Server;
  readonly stop: () => Promise<void>;
}

function createService(
  { clock, log, host }: FlagdServerOptions,
  { routes, hasHttp1 }: Offer,
  shutdownSignal: AbortSignal,
): Service {
  const interceptors = [translateErrors(log)];
  const handler = connectNodeAdapter({
    routes,
    shutdownSignal,
    interceptors,
    readMaxBytes,
    compressMinBytes,
    jsonOptions,
    contextValues: contextOf,
  });
  const { server, http2 } = hasHttp1
    ? createBothHttpVersions(handler, { isLocalOnly: isLoopback(host) })
    : onlyHttp2(createServer(handler));
  /** Open connections, and whether the last ping was answered. */
  const sessions = new Map<ServerHttp2Session, boolean>();
  /** A session that is closing waits for its client whatever is done to it; its socket does not. */
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  http2.on("session", (session) => {
    sessions.set(session, true);
    session.on("close", () => sessions.delete(session));
    // A connection that breaks is closed; there is nobody left to tell.
    session.on("error", () => session.destroy());
  });
  let cancelPing = schedulePing();

  function schedulePing(): () => void {
    return clock.after(pingIntervalMs, () => {
      for (const [session, isAlive] of sessions) {
        if (!isAlive) {
          session.destroy();
          continue;
        }
        sessions.set(session, false);
        session.ping((error) => {
          if (error === null && sessions.has(session)) sessions.set(session, true);
        });
      }
      cancelPing = schedulePing();
    });
  }

  return {
    server,
    async stop() {
      cancelPing();
      if (!server.listening) return;
      const closed = once(server, "close");
      server.close();
      // Each tells its streams what ended them before it goes.
      for (const session of sessions.keys()) session.close();
      // The machine's time: what a stop waits for is the network.
      const timer = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, stopGraceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

function onlyHttp2(http2: BothHttpVersions["http2"]): BothHttpVersions {
  return { server: http2, http2 };
}

/** How long clients have to take the end of their streams. */
const stopGraceMs = 1000;

async function listen(server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new DimmerError(
      "config_invalid",
      `The port ${port} on ${host} cannot be used for flagd: ${error instanceof Error ? error.message : String(error)}.`,
      { host, port },
      { cause: error },
    );
  }
  // A server that listens on a port has an address with one.
  return (server.address() as AddressInfo).port;
}

const codes: Readonly<Record<ErrorKind, Code>> = {
  input: Code.InvalidArgument,
  auth: Code.PermissionDenied,
  state: Code.FailedPrecondition,
  unavailable: Code.Unavailable,
  internal: Code.Internal,
};

function translateErrors(log: Log): Interceptor {
  async function* translateStream<T>(messages: AsyncIterable<T>): AsyncGenerator<T> {
    try {
      yield* messages;
    } catch (thrown) {
      throw toConnectError(thrown, log);
    }
  }
  return (next) => async (request) => {
    try {
      const response = await next(request);
      return response.stream ? { ...response, message: translateStream(response.message) } : response;
    } catch (thrown) {
      throw toConnectError(thrown, log);
    }
  };
}

function toConnectError(thrown: unknown, log: Log): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const error = DimmerError.from(thrown);
  if (error.definition.kind === "internal") log.error({ error: error.cause ?? error }, error.message);
  return new ConnectError(error.message, codeOf(error));
}

function codeOf({ code, definition }: DimmerError): Code {
  if (code === "unauthenticated") return Code.Unauthenticated;
  return definition.status === 404 ? Code.NotFound : codes[definition.kind];
}
