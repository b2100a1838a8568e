/**
 * One child process that is started again when it dies, and never outlives its parent: children leave when their IPC
 * channel closes. Server and gateway are two processes so that nothing in the control plane, an fsync included, stalls
 * the data plane.
 */
import { fork, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { DimmerError, type ErrorCode, type ErrorKind } from "@dimmer/spec/errors";

/** What a child says when it is up. */
export interface ReadyMessage {
  readonly type: "ready";
  readonly url: string;
}

/** What a child says when it cannot start. */
export interface FailedMessage {
  readonly type: "failed";
  readonly code: ErrorCode;
  readonly message: string;
}

/** Kinds of failure that another try does not mend: somebody has to act. */
const lasting: ReadonlySet<ErrorKind> = new Set(["input", "auth", "state"]);

export interface SupervisedProcessOptions {
  /** `server` or `gateway`: for messages. */
  readonly name: string;
  /** What the child runs. @defaultValue the `dimmer` command */
  readonly module?: string;
  /** Its command line. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Flags of node itself. */
  readonly execArgv?: readonly string[];
  /** Says what the child says on stderr and what happens to it, one line each. */
  readonly say: (text: string) => void;
  /** Called every time the child is up, with where it listens. */
  readonly onReady: (message: ReadyMessage) => void;
  /** Called with every other message of the child. */
  readonly onMessage?: (message: unknown) => void;
  /** Wait before the nth start again; default 200 ms doubling up to 5 s. */
  readonly restartDelayMs?: (deaths: number) => number;
}

export interface SupervisedProcess {
  /** Settles when the child is up for the first time; rejects with its failure, or when it dies twice before that. */
  readonly ready: Promise<ReadyMessage>;
  /** Process id of the running child, if any. */
  readonly pid: () => number | undefined;
  /** Sends a message to the running child. */
  send(message: object): void;
  /** Asks the child to finish and waits; kills it after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

const mainModule = fileURLToPath(new URL("../../bin/dimmer.js", import.meta.url));

/** Starts the child and keeps it running until `stop`. */
export function superviseProcess(options: SupervisedProcessOptions): SupervisedProcess {
  const delayMs = options.restartDelayMs ?? ((deaths) => Math.min(5000, 100 * 2 ** deaths));
  let child: ChildProcess | undefined;
  let restart: NodeJS.Timeout | undefined;
  let isStopping = false;
  let isUp = false;
  let deaths = 0;
  const ready = Promise.withResolvers<ReadyMessage>();
  let hasBeenReady = false;
  let failure: DimmerError | undefined;

  const start = (): void => {
    const started = fork(options.module ?? mainModule, [...options.args], {
      env: { ...options.env },
      execArgv: [...(options.execArgv ?? [])],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Out of the terminal's group, Ctrl-C is for the supervisor alone. Windows would open a window for it.
      detached: process.platform !== "win32",
    });
    if (started.stderr !== null) createInterface({ input: started.stderr }).on("line", options.say);
    child = started;
    isUp = false;
    failure = undefined;
    started.on("message", (message) => {
      if (isFailedMessage(message)) {
        failure = new DimmerError(message.code, message.message);
        return;
      }
      if (!isReadyMessage(message)) {
        options.onMessage?.(message);
        return;
      }
      isUp = true;
      hasBeenReady = true;
      ready.resolve(message);
      options.onReady(message);
    });
    started.once("exit", (code, signal) => {
      child = undefined;
      if (isStopping) return;
      deaths = isUp ? 1 : deaths + 1;
      const how = failure?.message ?? signal ?? `exit code ${code}`;
      if (!hasBeenReady && (deaths >= 2 || (failure !== undefined && lasting.has(failure.definition.kind)))) {
        ready.reject(failure ?? new Error(`The ${options.name} ended twice before it was up (${how}).`));
        return;
      }
      options.say(`The ${options.name} ended (${how}); starting it again.`);
      restart = setTimeout(start, delayMs(deaths));
    });
  };
  start();

  return {
    ready: ready.promise,
    pid: () => child?.pid,
    send: (message) => {
      if (child?.connected === true) child.send(message);
    },
    stop: async (graceMs) => {
      isStopping = true;
      clearTimeout(restart);
      const running = child;
      if (running === undefined) return;
      const exited = new Promise<void>((resolve) => running.once("exit", () => resolve()));
      running.kill("SIGTERM");
      const force = setTimeout(() => running.kill("SIGKILL"), graceMs);
      await exited;
      clearTimeout(force);
    },
  };
}

function isFailedMessage(message: unknown): message is FailedMessage {
  return typeof message === "object" && message !== null && "type" in message && message.type === "failed";
}

function isReadyMessage(message: unknown): message is ReadyMessage {
  return (
    typeof message === "object" &&
    message !== null &&
    "type" in message &&
    message.type === "ready" &&
    "url" in message &&
    typeof message.url === "string"
  );
}
