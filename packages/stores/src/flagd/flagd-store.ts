/** A flag set that any flagd serves by its sync protocol: flagd itself, or whatever speaks `flagd.sync.v1`. */
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import type { Clock } from "@dimmer/api-client";
import { DimmerError } from "@dimmer/spec/errors";
import { backgroundClock } from "../background-clock.ts";
import type { Reading, StoreListener, StoreReader } from "../ports.ts";
import { FlagSyncService } from "./proto/sync.ts";

/** Which flagd, and what of it. */
export interface FlagdStoreOptions {
  /** Where its sync service listens: `http://127.0.0.1:8015`, or https. */
  readonly url: string;
  /** Which of its sets, in the server's own words: `flagSetId=checkout`. @defaultValue the server's default */
  readonly selector?: string;
  /** Sent as a bearer token. @defaultValue none, as flagd itself takes none */
  readonly token?: string;
  /** How this process is called by the server. @defaultValue "dimmer" */
  readonly providerId?: string;
  /** @defaultValue "flagd" */
  readonly name?: string;
  /** How often a silent server is asked whether what it said still holds. @defaultValue 30,000 */
  readonly checkIntervalMs?: number;
  /** How long a single answer may take. @defaultValue 5,000 */
  readonly timeoutMs?: number;
  readonly clock?: Clock;
  /** From 0 to 1, to spread reconnects. @defaultValue Math.random */
  readonly random?: () => number;
}

const firstRetryMs = 250;
const maxRetryMs = 10_000;
/** A definition larger than this is not taken for one. */
const readMaxBytes = 64 * 1024 * 1024;

/** Creates it; nothing is sent before the first call, and no connection stays when nobody follows. */
export function createFlagdStore(options: FlagdStoreOptions): StoreReader {
  const {
    url,
    selector = "",
    token,
    providerId = "dimmer",
    name = "flagd",
    checkIntervalMs = 30_000,
    timeoutMs = 5000,
    clock = backgroundClock,
    random = Math.random,
  } = options;
  const sessionManager = new Http2SessionManager(url);
  const client = createClient(FlagSyncService, createGrpcTransport({ baseUrl: url, sessionManager, readMaxBytes }));
  const request = { providerId, selector };
  const headers = {
    ...(selector === "" ? {} : { "flagd-selector": selector }),
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  let users = 0;

  async function connected<T>(use: () => Promise<T>): Promise<T> {
    users += 1;
    try {
      return await use();
    } finally {
      users -= 1;
      if (users === 0) sessionManager.abort();
    }
  }

  async function fetchText(signal: AbortSignal): Promise<string> {
    const { flagConfiguration } = await client.fetchAllFlags(request, { headers, signal, timeoutMs });
    return flagConfiguration;
  }

  function readingOf(text: string): Reading {
    // Whether it is a valid set is for the engine to say.
    return { document: JSON.parse(text) as unknown, origin: url };
  }

  /** Goes on until the connection is lost, which is always an error. */
  async function followOnce(tell: (text: string) => void, alive: () => void, signal: AbortSignal): Promise<never> {
    const broken = new AbortController();
    const ended = AbortSignal.any([signal, broken.signal]);
    let cancelCheck = (): void => undefined;
    // A connection can die without a word: then only a question shows it.
    const scheduleCheck = (): void => {
      cancelCheck = clock.after(checkIntervalMs, () => {
        fetchText(ended)
          .then(tell)
          .catch((error: unknown) => {
            if (ConnectError.from(error).code === Code.Unimplemented) alive();
            else broken.abort(error);
          })
          .finally(() => {
            if (!ended.aborted) scheduleCheck();
          });
      });
    };
    try {
      scheduleCheck();
      for await (const { flagConfiguration } of client.syncFlags(request, { headers, signal: ended }))
        tell(flagConfiguration);
      throw new ConnectError("the stream ended", Code.Unavailable);
    } catch (error) {
      throw broken.signal.aborted ? broken.signal.reason : error;
    } finally {
      cancelCheck();
    }
  }

  async function followForGood(listener: StoreListener, signal: AbortSignal): Promise<void> {
    let attempt = 0;
    let told: string | undefined;
    const alive = (): void => {
      if (!signal.aborted) listener.alive();
    };
    const tell = (text: string): void => {
      if (signal.aborted) return;
      if (text === told) {
        listener.alive();
      } else {
        listener.changed(readingOf(text));
        told = text;
      }
      attempt = 0;
    };
    while (!isAborted(signal)) {
      try {
        await followOnce(tell, alive, signal);
      } catch (error) {
        if (isAborted(signal)) return;
        listener.failed(unreadable(error));
      }
      const waitMs = Math.min(maxRetryMs, firstRetryMs * 2 ** Math.min(attempt, 30)) * (0.5 + random() / 2);
      attempt += 1;
      await pause(clock, waitMs, signal);
    }
  }

  function unreadable(thrown: unknown): DimmerError {
    const why = thrown instanceof ConnectError ? thrown.rawMessage : thrown instanceof Error ? thrown.message : "";
    return new DimmerError(
      "store_unreadable",
      `The flag set of flagd at ${url} could not be read: ${why}.`,
      { store: name, url },
      { cause: thrown },
    );
  }

  return {
    name,
    read: async (signal) =>
      await connected(async () => {
        try {
          return readingOf(await fetchText(signal));
        } catch (error) {
          throw unreadable(error);
        }
      }),
    follow: (listener, signal) => {
      if (!signal.aborted) void connected(async () => await followForGood(listener, signal));
    },
  };
}

/** Asked of a function, so that the compiler does not take an earlier answer for granted. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

async function pause(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const cancel = clock.after(delayMs, end);
  signal.addEventListener("abort", end, { once: true });
  await promise;
  signal.removeEventListener("abort", end);
  cancel();
}
