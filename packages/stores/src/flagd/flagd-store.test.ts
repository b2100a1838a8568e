import { once } from "node:events";
import { createServer, type Http2Server, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { Code, ConnectError } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { createManualClock } from "@dimmer/api-client/testing";
import { DimmerError } from "@dimmer/spec/errors";
import { describeStoreReader } from "@dimmer/stores/contract";
import { createFlagdStore, type FlagdStoreOptions } from "@dimmer/stores/flagd";
import { FlagSyncService } from "@dimmer/stores/flagd/sync-protocol";
import { expect, onTestFinished, test, vi } from "vitest";

/** A flagd whose set a test changes, and whose streams and answers it breaks. */
interface FakeFlagd {
  readonly url: string;
  put(text: string): void;
  /** From now on streams say nothing. */
  silence(): void;
  refuse(code: Code): void;
  readonly calls: { selector: string; header: string | null; authorization: string | null }[];
  stop(): Promise<void>;
  start(): Promise<void>;
}

async function startFakeFlagd(): Promise<FakeFlagd> {
  let text = '{"flags":{}}';
  let isSilent = false;
  let refusal: Code | undefined;
  let port = 0;
  let server: Http2Server | undefined;
  const sessions = new Set<ServerHttp2Session>();
  const waiting = new Set<() => void>();
  const calls: FakeFlagd["calls"] = [];
  const note = (selector: string, headers: Headers): void => {
    calls.push({ selector, header: headers.get("flagd-selector"), authorization: headers.get("authorization") });
    if (refusal !== undefined) throw new ConnectError("refused", refusal);
  };
  const handle = connectNodeAdapter({
    routes: (router) =>
      router.service(FlagSyncService, {
        async *syncFlags({ selector }, { requestHeader, signal }) {
          note(selector, requestHeader);
          while (!signal.aborted) {
            if (!isSilent) yield { flagConfiguration: text };
            await new Promise<void>((resolve) => {
              waiting.add(resolve);
              signal.addEventListener("abort", () => resolve());
            });
          }
        },
        fetchAllFlags({ selector }, { requestHeader }) {
          note(selector, requestHeader);
          return { flagConfiguration: text };
        },
      }),
  });
  const fake: FakeFlagd = {
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    put(next) {
      text = next;
      for (const wake of waiting) wake();
      waiting.clear();
    },
    silence: () => void (isSilent = true),
    refuse: (code) => void (refusal = code),
    calls,
    async start() {
      server = createServer(handle);
      server.on("session", (session) => sessions.add(session));
      server.listen(port, "127.0.0.1");
      await once(server, "listening");
      // A server that listens on a port has an address with one.
      ({ port } = server.address() as AddressInfo);
    },
    async stop() {
      for (const session of sessions) session.destroy();
      sessions.clear();
      if (server?.listening !== true) return;
      const closed = once(server, "close");
      server.close();
      await closed;
    },
  };
  await fake.start();
  return fake;
}

describeStoreReader("flagd", async () => {
  const flagd = await startFakeFlagd();
  const clock = createManualClock();
  return {
    store: createFlagdStore({ url: flagd.url, clock }),
    put: (definitions) => flagd.put(JSON.stringify(definitions)),
    breakDown: () => flagd.stop(),
    repair: () => flagd.start(),
    tick: () => clock.advance(1000),
    dispose: () => flagd.stop(),
  };
});

/** A flagd, a store of it, and what a follower is told. */
async function follow(options: Partial<FlagdStoreOptions> = {}) {
  const flagd = await startFakeFlagd();
  const clock = createManualClock();
  const end = new AbortController();
  onTestFinished(async () => {
    end.abort();
    await flagd.stop();
  });
  const store = createFlagdStore({ url: flagd.url, clock, ...options });
  const told: string[] = [];
  store.follow(
    {
      changed: ({ document }) => told.push(JSON.stringify(document)),
      failed: (error) => told.push(error.code),
      alive: () => told.push("alive"),
    },
    end.signal,
  );
  await vi.waitFor(() => expect(told).toEqual(['{"flags":{}}']));
  return { flagd, clock, store, told };
}

test("selector and token go where flagd looks for them", async () => {
  const { flagd } = await follow({ selector: "flagSetId=checkout", token: "secret" });
  expect(flagd.calls).toEqual([
    { selector: "flagSetId=checkout", header: "flagSetId=checkout", authorization: "Bearer secret" },
  ]);
});

test("while the stream says nothing, the server is asked, and what it says counts", async () => {
  const { flagd, clock, told } = await follow();
  flagd.silence();
  clock.advance(30_000);
  await vi.waitFor(() => expect(told.at(-1)).toBe("alive"));
  flagd.put('{"flags":{"new":{}}}');
  await vi.waitFor(() => {
    clock.advance(30_000);
    expect(told.at(-1)).toBe("alive");
    expect(told).toContain('{"flags":{"new":{}}}');
  });
});

test("a stream that outlives its server is given up when the server does not answer", async () => {
  const { flagd, clock, told } = await follow();
  flagd.refuse(Code.Unavailable);
  clock.advance(30_000);
  await vi.waitFor(() => expect(told.at(-1)).toBe("store_unreadable"));
});

test("a server that only streams is alive as long as it answers at all", async () => {
  const { flagd, clock, told } = await follow();
  flagd.refuse(Code.Unimplemented);
  clock.advance(30_000);
  await vi.waitFor(() => expect(told).toEqual(['{"flags":{}}', "alive"]));
});

test("text that is no JSON is a fault, and what was told before stays", async () => {
  const { flagd, told, store } = await follow();
  flagd.put("{");
  await vi.waitFor(() => expect(told).toEqual(['{"flags":{}}', "store_unreadable"]));
  const signal = new AbortController().signal;
  await expect(store.read(signal)).rejects.toSatisfy((error) => DimmerError.is(error));
});
