// A server that comes back at another address of the same folder.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApiClient } from "@dimmer/api-client";
import type { ApiClient, ServerAddress } from "@dimmer/api-client";
import { findControlPlane } from "@dimmer/api-client/find-control-plane";
import { startFakeControlPlane } from "@dimmer/api-client/testing";
import type { FakeControlPlane } from "@dimmer/api-client/testing";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";

const params = { environment: "default" };
let folder: string;
let server: FakeControlPlane;
let looks: number;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dimmer-again-"));
  server = await startFakeControlPlane();
  looks = 0;
});
afterEach(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Leaves in the folder what a server leaves there. */
async function leave(url = server.url, token = server.token): Promise<void> {
  await writeFile(join(folder, "server.json"), JSON.stringify({ url, pid: 1 }));
  await writeFile(join(folder, "admin-token"), `${token}\n`);
}

/** A client of the server the folder names, which counts how often it looks into the folder again. */
function connect(env: Record<string, string> = {}): ApiClient {
  const found = findControlPlane({ DIMMER_DIR: folder, ...env });
  if (found === undefined) throw new Error("The folder names no server.");
  return createApiClient(counted(found));
}

function counted(address: ServerAddress): ServerAddress {
  return {
    ...address,
    findAgain: () => {
      looks += 1;
      const found = address.findAgain?.();
      return found === undefined ? undefined : counted(found);
    },
  };
}

test("a call finds it there, and the calls after it no longer look", async () => {
  await leave();
  const client = connect();
  await server.move();
  await leave();
  expect(await client.getKills({ params })).toMatchObject({ active: [] });
  expect(client.url).toBe(server.url);
  await client.getKills({ params });
  expect(looks).toBe(1);
});

test("calls that are on their way together all find it", async () => {
  await leave();
  const client = connect();
  await server.move();
  await leave();
  const answers = await Promise.all(Array.from({ length: 5 }, () => client.getKills({ params })));
  expect(answers).toHaveLength(5);
  expect(looks).toBe(1);
});

test("a call whose server has proven itself goes there, whatever another call finds meanwhile", async () => {
  const stranger = await startFakeControlPlane();
  onTestFinished(() => stranger.stop());
  const proofs = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let asked = 0;
  const client = createApiClient({
    url: server.url,
    token: server.token,
    assertGenuine: async () => await proofs[asked++]?.promise,
    findAgain: () => ({
      url: stranger.url,
      token: server.token,
      assertGenuine: () => Promise.reject(new Error("a stranger")),
    }),
  });
  const proven = client.getKills({ params });
  const refused = client.getKills({ params });
  proofs[1]?.reject(new Error("gone"));
  await expect(refused).rejects.toMatchObject({ code: "server_unreachable" });
  proofs[0]?.resolve();
  expect(await proven).toMatchObject({ active: [] });
  expect(stranger.requests).toEqual([]);
});

test("while all is well nobody looks", async () => {
  await leave();
  const client = connect();
  await client.getKills({ params });
  await writeFile(join(folder, "server.json"), JSON.stringify({ url: "http://127.0.0.1:9" }));
  await client.getKills({ params });
  expect(looks).toBe(0);
});

test("an answer that is an error is no reason to look", async () => {
  await leave();
  const client = connect();
  server.answer("getKills", (_request, response) => void response.writeHead(503).end());
  await expect(client.getKills({ params })).rejects.toMatchObject({ code: "server_unreachable" });
  expect(looks).toBe(0);
});

test("the stream goes on there", async () => {
  await leave();
  const client = connect();
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const killed: string[] = [];
  const opened = Promise.withResolvers<void>();
  void client.followStream({
    ...params,
    topics: ["kills"],
    signal: stop.signal,
    maxRetryMs: 20,
    onEvent: (event) => {
      if (event.event === "kills") killed.push(...event.data.active.map(({ target }) => target));
      opened.resolve();
    },
  });
  await opened.promise;
  await server.move();
  await leave();
  server.putKills({
    kills: [{ id: "k", scope: "provider", target: "google", by: "ops", reason: "", at: "2026-01-01T00:00:00Z" }],
  });
  await expect.poll(() => killed).toContain("google");
});

test("a token that was made anew is found too, and a token that was given stays", async () => {
  await leave(server.url, "the-old-one");
  const client = connect();
  const mine = connect({ DIMMER_TOKEN: "mine" });
  await leave();
  expect(await client.getKills({ params })).toMatchObject({ active: [] });
  await expect(mine.getKills({ params })).rejects.toMatchObject({ code: "unauthenticated" });
  expect(server.requests.at(-1)?.headers.authorization).toBe("Bearer mine");
});

test("a stranger that the folder now names gets no token, and the server is found when it is back", async () => {
  await leave();
  const client = connect();
  const stranger = await startFakeControlPlane();
  onTestFinished(() => stranger.stop());
  await server.stop();
  await leave(stranger.url);
  await expect(client.getKills({ params })).rejects.toMatchObject({
    code: "server_unreachable",
    message: expect.stringContaining("It was sent no token."),
  });
  expect(stranger.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  await server.start();
  await leave();
  expect(await client.getKills({ params })).toMatchObject({ active: [] });
});

test.each([
  ["nothing", async () => rm(join(folder, "server.json"))],
  ["half a file", async () => writeFile(join(folder, "server.json"), '{"url":')],
  ["an address of another kind", async () => writeFile(join(folder, "server.json"), '{"url":"file:///etc"}')],
])("a folder that names %s leaves the client where it was", async (_what, spoil) => {
  await leave();
  const client = connect();
  const { url } = server;
  await server.stop();
  await spoil();
  await expect(client.getKills({ params })).rejects.toMatchObject({
    message: `The control plane at ${url} did not answer: ECONNREFUSED.`,
  });
  await server.start();
  expect(await client.getKills({ params })).toMatchObject({ active: [] });
});

test("an address that was given is never looked for elsewhere", async () => {
  await leave();
  const client = connect({ DIMMER_URL: server.url, DIMMER_TOKEN: server.token });
  await server.move();
  await leave();
  await expect(client.getKills({ params })).rejects.toMatchObject({ code: "server_unreachable" });
  expect(client.url).not.toBe(server.url);
});
