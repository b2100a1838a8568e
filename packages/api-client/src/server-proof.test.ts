import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApiClient } from "@dimmer/api-client";
import type { ApiClient } from "@dimmer/api-client";
import { findControlPlane } from "@dimmer/api-client/find-control-plane";
import { startFakeControlPlane } from "@dimmer/api-client/testing";
import type { FakeControlPlane } from "@dimmer/api-client/testing";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";

const params = { environment: "default" };
let folder: string;
let server: FakeControlPlane;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dimmer-proof-"));
  server = await startFakeControlPlane();
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A client of the server that the folder says runs at `url`. */
async function connect(url: string, token = server.token): Promise<ApiClient> {
  await writeFile(join(folder, "server.json"), JSON.stringify({ url, pid: 1 }));
  await writeFile(join(folder, "admin-token"), `${token}\n`);
  const found = findControlPlane({ DIMMER_DIR: folder });
  if (found === undefined) throw new Error("The folder names no server.");
  return createApiClient(found);
}

/** Listens until the test is over; answers where, and which Authorization headers came. */
async function listen(
  answer: RequestListener,
  port = 0,
): Promise<{ readonly url: string; readonly tokens: readonly string[] }> {
  const tokens: string[] = [];
  const stranger = createServer((request, response) => {
    if (request.headers.authorization !== undefined) tokens.push(request.headers.authorization);
    answer(request, response);
  });
  await new Promise<void>((resolve) => void stranger.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => {
    stranger.closeAllConnections();
    stranger.close();
  });
  const address = stranger.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : port}`, tokens };
}

const withToken = (): number =>
  server.requests.filter(({ headers }) => headers.authorization === `Bearer ${server.token}`).length;
const refusal = { code: "server_unreachable", message: expect.stringContaining("It was sent no token.") };

test("the server of the folder proves itself and gets the token", async () => {
  const client = await connect(server.url);
  expect(await client.getKills({ params })).toMatchObject({ active: [] });
  expect(withToken()).toBe(1);
});

test("the server of another folder gets none", async () => {
  const client = await connect(server.url, "of-this-folder");
  await expect(client.getKills({ params })).rejects.toMatchObject(refusal);
  expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

test.each<[string, RequestListener]>([
  ["a page", (_request, response) => void response.end("<html>hello</html>")],
  ["404", (_request, response) => void response.writeHead(404).end()],
  ["another proof", (_request, response) => void response.end(JSON.stringify({ proof: "0".repeat(64) }))],
  ["a proof that is none", (_request, response) => void response.end(JSON.stringify({ proof: null }))],
])("somebody who answers %s gets none", async (_what, answer) => {
  const stranger = await listen(answer);
  const client = await connect(stranger.url);
  await expect(client.getKills({ params })).rejects.toMatchObject(refusal);
  expect(stranger.tokens).toEqual([]);
});

test("somebody who has the real server answer for it gets none", async () => {
  const relay = await listen((request, response) => {
    void fetch(`${server.url}${request.url}`).then(async (answer) => response.end(await answer.text()));
  });
  const client = await connect(relay.url);
  await expect(client.getKills({ params })).rejects.toMatchObject(refusal);
  expect(relay.tokens).toEqual([]);
});

test("somebody who takes the server's place between two requests gets none", async () => {
  const client = await connect(server.url);
  await client.getKills({ params });
  await server.stop();
  const stranger = await listen((_request, response) => void response.end("{}"), Number(new URL(server.url).port));
  // The first may still find the server's own connection, cut.
  await client.getKills({ params }).catch(() => undefined);
  await expect(client.getKills({ params })).rejects.toMatchObject(refusal);
  expect(stranger.tokens).toEqual([]);
});

test("nor does it when the stream comes back", async () => {
  const client = await connect(server.url);
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const errors: string[] = [];
  const opened = Promise.withResolvers<void>();
  void client.followStream({
    ...params,
    topics: ["kills"],
    signal: stop.signal,
    maxRetryMs: 20,
    onEvent: () => opened.resolve(),
    onState: (state) => {
      if (state.type === "closed") errors.push(state.error.message);
    },
  });
  await opened.promise;
  await server.stop();
  const stranger = await listen((_request, response) => void response.end("{}"), Number(new URL(server.url).port));
  await expect.poll(() => errors.at(-1)).toContain("It was sent no token.");
  expect(stranger.tokens).toEqual([]);
});

test("an address that nobody listens at any more is no stranger's", async () => {
  const client = await connect(server.url);
  await server.stop();
  await expect(client.getKills({ params })).rejects.toMatchObject({
    code: "server_unreachable",
    message: expect.stringContaining("ECONNREFUSED"),
  });
});
