import { once } from "node:events";
import { connect, type ClientHttp2Stream } from "node:http2";
import { Code, createClient, type Client } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { FlagSyncService } from "@dimmer/stores/flagd/sync-protocol";
import { expect, onTestFinished, test } from "vitest";
import { putFlags } from "../../test/put-flags.ts";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";
import { createFakeClock } from "../clock.fake.ts";
import { Service as EvaluationV1 } from "./proto/evaluation-v1.ts";
import { Service as EvaluationV2 } from "./proto/evaluation-v2.ts";

const flag = {
  state: "ENABLED" as const,
  variants: { on: true, off: false },
  defaultVariant: "on",
  safeVariant: "off",
};

function transportTo(port: number | undefined) {
  return createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
}

function syncOf(plane: TestPlane): Client<typeof FlagSyncService> {
  return createClient(FlagSyncService, transportTo(plane.flagdPorts.syncPort));
}

async function start(options: Parameters<typeof startPlane>[0] = {}): Promise<TestPlane> {
  const plane = await startPlane({ flagd: { syncPort: 0, evaluationPort: 0 }, ...options });
  await putFlags(plane, { checkout: flag });
  return plane;
}

async function newToken(plane: TestPlane, environment: string | null, scope: "read" | "kill" = "read") {
  const { id, secret } = await plane.call("createToken", {
    body: { name: "app", scopes: [scope], environment },
  });
  return { id, headers: { authorization: `Bearer ${secret}` } };
}

test("nothing of flagd is served unless it is asked for", async () => {
  expect((await startPlane()).flagdPorts).toEqual({});
  const { syncPort, evaluationPort } = (await startPlane({ flagd: { syncPort: 0 } })).flagdPorts;
  expect([typeof syncPort, evaluationPort]).toEqual(["number", undefined]);
});

test("a port that is taken is a fault of the configuration, and leaves nothing behind", async () => {
  const { flagdPorts } = await start();
  await expect(startPlane({ flagd: flagdPorts })).rejects.toMatchObject({ code: "config_invalid" });
});

test("the set is fetched as plain flagd, with nothing of Dimmer's own in it", async () => {
  const plane = await start();
  await putFlags(plane, { half: { ...flag, strategy: { type: "percentage", percentage: 50 } } });
  const { flagConfiguration } = await syncOf(plane).fetchAllFlags({});
  // The server's own answer.
  const { flags } = JSON.parse(flagConfiguration) as { flags: Record<string, object> };
  expect(Object.keys(flags["half"] ?? {}).toSorted()).toEqual(["defaultVariant", "state", "targeting", "variants"]);
  expect((await syncOf(plane).getMetadata({})).metadata).toEqual({});
});

test("a follower gets the set, then every other one, and nothing when the set is the same", async () => {
  const plane = await start();
  const stream = syncOf(plane).syncFlags({})[Symbol.asyncIterator]();
  const next = async (): Promise<string> =>
    ((await stream.next()).value as { flagConfiguration: string }).flagConfiguration;
  expect(await next()).toContain('"checkout"');
  await plane.call("addKill", { body: { scope: "provider", target: "google", reason: "" } });
  await plane.call("addKill", { body: { scope: "flag", target: "checkout", reason: "" } });
  const killed = JSON.parse(await next()) as { flags: Record<string, unknown> };
  expect(killed.flags["checkout"]).toMatchObject({ defaultVariant: "off" });
});

test.each([
  ["the header", { headers: { "flagd-selector": "flagSetId=staging" }, selector: "" }],
  ["the request", { headers: {}, selector: "staging" }],
])("an environment is selected by %s", async (_what, { headers, selector }) => {
  const plane = await start();
  await plane.call("createEnvironment", { body: { name: "staging" } });
  await putFlags(plane, { "only-there": flag }, "staging");
  const { flagConfiguration } = await syncOf(plane).fetchAllFlags({ selector }, { headers });
  expect(flagConfiguration).toContain("only-there");
});

test.each([
  ["gRPC", createGrpcTransport],
  ["gRPC-Web", (options: { baseUrl: string }) => createGrpcWebTransport({ ...options, httpVersion: "2" })],
  ["Connect", (options: { baseUrl: string }) => createConnectTransport({ ...options, httpVersion: "2" })],
  [
    "Connect with JSON",
    (options: { baseUrl: string }) => createConnectTransport({ ...options, httpVersion: "2", useBinaryFormat: false }),
  ],
])("a follower by %s gets what comes first, and what changes", async (_name, createTransport) => {
  const plane = await start();
  const transport = createTransport({ baseUrl: `http://127.0.0.1:${plane.flagdPorts.syncPort}` });
  const stream = createClient(FlagSyncService, transport).syncFlags({})[Symbol.asyncIterator]();
  expect((await stream.next()).value?.flagConfiguration).toContain('"checkout"');
  await putFlags(plane, { ünïcode: flag });
  expect((await stream.next()).value?.flagConfiguration).toContain('"ünïcode"');
});

test("a follower that takes nothing for a while gets the newest set, and not all between", async () => {
  const plane = await start();
  const stream = await followWithoutReading(plane.flagdPorts.syncPort);
  const changes = 20;
  for (let change = 1; change <= changes; change += 1)
    await putFlags(plane, { checkout: { ...flag, metadata: { change, filling: "x".repeat(40_000) } } });
  let received = "";
  for await (const chunk of stream.setEncoding("latin1")) {
    received += String(chunk);
    if (received.includes(`"change":${changes},`)) break;
  }
  expect(received.match(/"change":\d+,/g)?.length).toBeLessThan(changes / 2);
});

/** A call of SyncFlags as a client makes it that never looks at what comes. */
async function followWithoutReading(port: number | undefined): Promise<ClientHttp2Stream> {
  const session = connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ":method": "POST",
    ":path": "/flagd.sync.v1.FlagSyncService/SyncFlags",
    "content-type": "application/grpc",
    te: "trailers",
  });
  // A message without fields: no flags, no length.
  stream.end(Buffer.alloc(5));
  await once(stream, "response");
  return stream;
}

test("an environment is selected by the id of its set", async () => {
  const plane = await start();
  const { setId } = await plane.call("getFlagSet", {});
  const headers = { "flagd-selector": `flagSetId=${setId}` };
  expect((await syncOf(plane).fetchAllFlags({}, { headers })).flagConfiguration).toContain("checkout");
});

test.each([
  ["an environment there is none of", "nowhere", Code.NotFound],
  ["a key there is nothing of", "app=weather", Code.InvalidArgument],
])("a selector of %s is refused, by streams as well", async (_what, selector, code) => {
  const plane = await start();
  await expect(syncOf(plane).fetchAllFlags({ selector })).rejects.toMatchObject({ code });
  await expect(syncOf(plane).syncFlags({ selector })[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code });
});

test("a token that is sent must be known, carry the scope read, and be good for the environment", async () => {
  const plane = await start();
  await plane.call("createEnvironment", { body: { name: "staging" } });
  await putFlags(plane, { "only-there": flag }, "staging");
  const fetchWith = async (headers: Record<string, string>): Promise<string> =>
    (await syncOf(plane).fetchAllFlags({}, { headers })).flagConfiguration;
  await expect(fetchWith({ authorization: "Bearer nonsense" })).rejects.toMatchObject({ code: Code.Unauthenticated });
  const killer = await newToken(plane, null, "kill");
  await expect(fetchWith(killer.headers)).rejects.toMatchObject({ code: Code.PermissionDenied });
  const { headers } = await newToken(plane, "staging");
  expect(await fetchWith(headers)).toContain("only-there");
  const other = fetchWith({ ...headers, "flagd-selector": "default" });
  await expect(other).rejects.toMatchObject({ code: Code.PermissionDenied });
});

test("where it is not open, nobody is served without a token; a stream ends with its token", async () => {
  const clock = createFakeClock();
  const plane = await start({ clock, flagd: { syncPort: 0, evaluationPort: 0, isOpen: false } });
  await expect(syncOf(plane).fetchAllFlags({})).rejects.toMatchObject({ code: Code.Unauthenticated });
  const { id, headers } = await newToken(plane, null);
  const stream = syncOf(plane).syncFlags({}, { headers })[Symbol.asyncIterator]();
  await stream.next();
  await plane.call("deleteToken", { params: { token: id } });
  const passing = setInterval(() => clock.advance(15_000), 5);
  onTestFinished(() => clearInterval(passing));
  await expect(stream.next()).rejects.toMatchObject({ code: Code.Unauthenticated });
});

test("a stream ends with an error when the server stops, for an orderly end is final to flagd's clients", async () => {
  const plane = await start();
  const stream = syncOf(plane).syncFlags({})[Symbol.asyncIterator]();
  await stream.next();
  await Promise.all([expect(stream.next()).rejects.toMatchObject({ code: Code.Unavailable }), plane.close()]);
});

test("events name what became of each flag, in every environment for who selects none", async () => {
  const plane = await start();
  await plane.call("createEnvironment", { body: { name: "staging" } });
  for (const service of [EvaluationV1, EvaluationV2]) {
    const client = createClient(service, transportTo(plane.flagdPorts.evaluationPort));
    const stream = client.eventStream({})[Symbol.asyncIterator]();
    expect((await stream.next()).value).toMatchObject({ type: "provider_ready" });
    await putFlags(plane, { new: flag }, "staging");
    const event = { type: "configuration_change", data: { flags: { new: { type: "write", source: "staging" } } } };
    expect((await stream.next()).value).toMatchObject(event);
    await plane.call("applyChangeSet", {
      params: { environment: "staging" },
      body: { edits: [{ type: "remove", flag: "new" }] },
    });
    expect((await stream.next()).value).toMatchObject({ data: { flags: { new: { type: "delete" } } } });
  }
});

test("the evaluation service also answers Connect's JSON, over HTTP/2", async () => {
  const plane = await start();
  const baseUrl = `http://127.0.0.1:${plane.flagdPorts.evaluationPort}`;
  const client = createClient(
    EvaluationV2,
    createConnectTransport({ baseUrl, httpVersion: "2", useBinaryFormat: false }),
  );
  expect(await client.resolveBoolean({ flagKey: "checkout" })).toMatchObject({ value: true, reason: "STATIC" });
});
