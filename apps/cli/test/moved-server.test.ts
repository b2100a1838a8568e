/** A control plane that comes back on another port of the same folder, while somebody else has taken the old one. */
import { createServer } from "node:http";
import { createApiClient } from "@dimmer/api-client";
import { createDimmerFromEnvironment } from "@dimmer/sdk";
import { createControlPlane, type ControlPlane } from "@dimmer/server";
import { expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "./temporary-directory.ts";

it("is followed there without a restart: a kill reaches the process, and the stranger gets no token", async () => {
  const directory = temporaryDirectory();
  const first = await createControlPlane({ directory, port: 0 });
  const dimmer = createDimmerFromEnvironment({ DIMMER_DIR: directory });
  onTestFinished(() => dimmer.close());
  await dimmer.ready();
  await first.close();

  const tokens = await listen(Number(new URL(first.url).port));
  const second = await start(directory);
  expect(second.url).not.toBe(first.url);
  const client = createApiClient({ url: second.url, token: second.adminToken });
  const params = { environment: "default" };
  await client.addKill({ params, body: { scope: "provider", target: "google" } });

  await expect.poll(() => dimmer.isKilled("provider", "google"), { timeout: 5000 }).toBe(true);
  await expect
    .poll(async () => await client.listReplicas({ params }), { timeout: 5000 })
    .toContainEqual(expect.objectContaining({ instanceId: dimmer.instanceId, isConnected: true }));
  expect(tokens).toEqual([]);
});

async function start(directory: string): Promise<ControlPlane> {
  const controlPlane = await createControlPlane({ directory, port: 0 });
  onTestFinished(() => controlPlane.close());
  return controlPlane;
}

/** Listens until the test is over; answers which Authorization headers came. */
async function listen(port: number): Promise<readonly string[]> {
  const tokens: string[] = [];
  const stranger = createServer((request, response) => {
    if (request.headers.authorization !== undefined) tokens.push(request.headers.authorization);
    response.end("{}");
  });
  await new Promise<void>((resolve) => void stranger.listen(port, "127.0.0.1", resolve));
  onTestFinished(() => {
    stranger.closeAllConnections();
    stranger.close();
  });
  return tokens;
}
