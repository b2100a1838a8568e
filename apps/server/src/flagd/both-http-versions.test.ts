import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { putFlags } from "../../test/put-flags.ts";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";
import { Service } from "./proto/evaluation-v1.ts";

const flag = { state: "ENABLED" as const, variants: { on: true, off: false }, defaultVariant: "on" };
const resolveBoolean = "/flagd.evaluation.v1.Service/ResolveBoolean";

async function start(): Promise<TestPlane> {
  const plane = await startPlane({ flagd: { syncPort: 0, evaluationPort: 0 } });
  await putFlags(plane, { checkout: flag });
  return plane;
}

/** Asks as curl does, by HTTP/1.1. */
async function ask(port: number | undefined, headers: Record<string, string> = {}): Promise<[number, unknown]> {
  const call = request({ port, host: "127.0.0.1", path: resolveBoolean, method: "POST" });
  for (const [name, value] of Object.entries({ "content-type": "application/json", ...headers }))
    call.setHeader(name, value);
  call.end(JSON.stringify({ flagKey: "checkout", context: {} }));
  const [response] = await once(call, "response");
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
  return [response.statusCode, JSON.parse(text)];
}

test("a flag is asked for by HTTP/1.1, in JSON", async () => {
  const { flagdPorts } = await start();
  expect(await ask(flagdPorts.evaluationPort)).toEqual([
    200,
    { value: true, reason: "STATIC", variant: "on", metadata: {} },
  ]);
});

test("a value that is false, and no variant, are said", async () => {
  const plane = await start();
  await putFlags(plane, { checkout: { ...flag, defaultVariant: "off" } });
  expect(await ask(plane.flagdPorts.evaluationPort)).toMatchObject([200, { value: false, variant: "off" }]);
  await putFlags(plane, { checkout: { ...flag, state: "DISABLED" as const } });
  expect(await ask(plane.flagdPorts.evaluationPort)).toMatchObject([200, { reason: "DISABLED", variant: "" }]);
});

test("changes are followed by HTTP/1.1", async () => {
  const plane = await start();
  const baseUrl = `http://127.0.0.1:${plane.flagdPorts.evaluationPort}`;
  const client = createClient(Service, createConnectTransport({ baseUrl, httpVersion: "1.1" }));
  const stream = client.eventStream({})[Symbol.asyncIterator]();
  expect((await stream.next()).value?.type).toBe("provider_ready");
  await putFlags(plane, { checkout: { ...flag, defaultVariant: "off" } });
  expect((await stream.next()).value).toMatchObject({
    type: "configuration_change",
    data: { flags: { checkout: {} } },
  });
  await Promise.all([expect(stream.next()).rejects.toThrow("The server is stopping."), plane.close()]);
});

test.each([
  ["whose name was made to lead here", { host: "evil.example" }],
  ["of another site", { origin: "https://evil.example" }],
])("a page %s is refused", async (_what, headers) => {
  const { flagdPorts } = await start();
  expect(await ask(flagdPorts.evaluationPort, headers)).toMatchObject([403, { code: "permission_denied" }]);
});

test("whole definitions are not handed out by HTTP/1.1", async () => {
  const { flagdPorts } = await start();
  await expect(ask(flagdPorts.syncPort)).rejects.toThrow(/Parse Error|socket hang up|ECONNRESET/u);
});

test("a connection that says nothing and goes is forgotten", async () => {
  const { flagdPorts } = await start();
  const socket = connect({ port: flagdPorts.evaluationPort ?? 0, host: "127.0.0.1" });
  await once(socket, "connect");
  socket.end();
  await once(socket.resume(), "close");
  expect((await ask(flagdPorts.evaluationPort))[0]).toBe(200);
});
