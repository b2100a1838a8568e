/** Server and gateway as two supervised processes: the whole of Dimmer on one machine. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findFreePort } from "./free-port.ts";
import { runApart } from "./run-apart.ts";
import { superviseProcess, type SupervisedProcess } from "./supervised-process.ts";

export interface SystemOptions {
  readonly directory: string;
  readonly environment: string;
  readonly host: string;
  readonly serverPort: number;
  readonly gatewayPort: number;
  readonly gatewayConfig?: string | undefined;
  /** More of the command line of `dimmer server`. */
  readonly serverArguments?: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What runs as the gateway instead of `dimmer gateway`. */
  readonly gatewayModule?: string;
  readonly onGatewayMessage?: (message: unknown) => void;
  readonly say: (text: string) => void;
  /** Gives up starting; what runs by then is stopped. */
  readonly signal?: AbortSignal | undefined;
}

/** A running system. */
export interface RunningSystem {
  readonly serverUrl: string;
  readonly gatewayUrl: string;
  readonly adminToken: string;
  readonly server: SupervisedProcess;
  readonly gateway: SupervisedProcess;
  stop(): Promise<void>;
}

/** Idle memory matters more here than the last percent of throughput: a young generation of 2 MiB is enough. */
const thriftyNode: readonly string[] = ["--max-semi-space-size=2"];
const stopGraceMs = 10_000;

/**
 * Builds the dashboard if need be, starts the server, then the gateway; settles when both are up. When one cannot start,
 * or the signal aborts, nothing is left running: half a system is none.
 */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const running: SupervisedProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const child of running.toReversed()) await child.stop(stopGraceMs);
  };
  try {
    return { ...(await startBoth(options, (child) => running.push(child))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startBoth(
  options: SystemOptions,
  started: (child: SupervisedProcess) => void,
): Promise<Omit<RunningSystem, "stop">> {
  const { directory, environment, host, say, signal } = options;
  const [serverPort, gatewayPort, dashboard] = await Promise.all([
    findFreePort(host, options.serverPort),
    findFreePort(host, options.gatewayPort),
    buildPage(say, signal),
  ]);
  if (options.serverPort !== 0 && serverPort !== options.serverPort)
    say(`Port ${options.serverPort} is taken: the control plane listens on ${serverPort}.`);
  const gatewayPortToUse = gatewayPort === serverPort ? await findFreePort(host, gatewayPort + 1) : gatewayPort;
  if (options.gatewayPort !== 0 && gatewayPortToUse !== options.gatewayPort)
    say(`Port ${options.gatewayPort} is taken: the gateway listens on ${gatewayPortToUse}.`);

  const env = { ...options.env, DIMMER_DIR: directory, DIMMER_ENVIRONMENT: environment };
  const server = superviseProcess({
    name: "server",
    args: [
      "server",
      "--host",
      host,
      "--port",
      String(serverPort),
      ...(dashboard === undefined ? [] : ["--dashboard", dashboard]),
      ...(options.serverArguments ?? []),
    ],
    env,
    execArgv: thriftyNode,
    say,
    onReady: () => undefined,
  });
  started(server);
  const { url: serverUrl } = await unlessAborted(server.ready, signal);
  const adminToken = readFileSync(join(directory, "admin-token"), "utf8").trim();

  const gatewayArgs = [
    "--host",
    host,
    "--port",
    String(gatewayPortToUse),
    ...(options.gatewayConfig === undefined ? [] : ["--config", options.gatewayConfig]),
  ];
  const gateway = superviseProcess({
    name: "gateway",
    ...(options.gatewayModule === undefined
      ? { args: ["gateway", ...gatewayArgs] }
      : { module: options.gatewayModule, args: gatewayArgs }),
    env: { ...env, DIMMER_URL: serverUrl, DIMMER_TOKEN: adminToken },
    execArgv: thriftyNode,
    say,
    onReady: () => undefined,
    ...(options.onGatewayMessage === undefined ? {} : { onMessage: options.onGatewayMessage }),
  });
  started(gateway);
  const { url: gatewayUrl } = await unlessAborted(gateway.ready, signal);
  return { serverUrl, gatewayUrl, adminToken, server, gateway };
}

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return await work;
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const abort = (): void => aborted.reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** A system without a page is still a system. */
async function buildPage(say: (text: string) => void, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    return await runApart(new URL("./build-dashboard.ts", import.meta.url), { stdout: "answer", signal });
  } catch (error) {
    signal?.throwIfAborted();
    say(
      `The dashboard could not be built; everything else runs. ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
