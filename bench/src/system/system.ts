/**
 * A control plane and a gateway, as `dimmer up` runs them, in front of a stub upstream: everything on that a plain
 * request meets (caller keys, every admission flag, kills, prices, v2's exposure flag at 0 %, observations sent).
 */
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createApiClient } from "@dimmer/api-client";
import type { ApiClient } from "@dimmer/api-client";
import { providerFlag } from "@dimmer/catalog";
import type { GatewayConfigInput } from "@dimmer/gateway";
import { Connection } from "./connection.ts";
import { freePort, startCommand } from "./dimmer-command.ts";
import type { StartedCommand } from "./dimmer-command.ts";
import { startUpstream } from "./upstream.ts";
import type { Upstream } from "./upstream.ts";

export const provider = "bedrock";
export const environment = "default";
const callerKey = "key-of-the-bench";
const completion = JSON.stringify({
  model: "chat",
  user: "user-17",
  messages: [
    { role: "system", content: "You answer with a number and nothing else." },
    { role: "user", content: "What is 17 * 23? Think about it step by step, then give the number alone." },
  ],
});

export interface System {
  readonly server: StartedCommand;
  readonly gateway: StartedCommand;
  readonly upstream: Upstream;
  readonly client: ApiClient;
  /** The same completion request, as bytes, to the gateway or straight to the upstream. */
  readonly request: Buffer;
  readonly connectGateway: () => Promise<Connection>;
  readonly connectUpstream: () => Promise<Connection>;
  stop(): Promise<void>;
}

/** Starts all of it and waits until the gateway answers a completion. */
export async function startSystem(
  directory: string,
  { upstreamDelayMs }: { readonly upstreamDelayMs: number },
): Promise<System> {
  const upstream = await startUpstream({ delayMs: upstreamDelayMs });
  const server = await startCommand(["server", "--port", String(await freePort())], { DIMMER_DIR: directory });
  const token = readFileSync(join(directory, "admin-token"), "utf8").trim();
  const client = createApiClient({ url: server.url, token });
  await turnOn(client);

  const configFile = join(directory, "gateway-config.json");
  writeFileSync(configFile, JSON.stringify(gatewayConfig(upstream.port)));
  const gatewayPort = await freePort();
  const gateway = await startCommand(["gateway", "--port", String(gatewayPort), "--config", configFile], {
    DIMMER_DIR: directory,
    DIMMER_URL: server.url,
    DIMMER_TOKEN: token,
    BENCH_UPSTREAM_KEY: "key-of-the-upstream",
  });
  const system: System = {
    server,
    gateway,
    upstream,
    client,
    request: requestBytes(gatewayPort),
    connectGateway: () => Connection.open(gatewayPort),
    connectUpstream: () => Connection.open(upstream.port),
    stop: async () => {
      await gateway.stop();
      await server.stop();
      upstream.stop();
    },
  };
  await untilServed(system);
  return system;
}

/** Asks again and again until a completion is served, or for 10 seconds. */
export async function untilServed({
  connectGateway,
  request,
}: Pick<System, "connectGateway" | "request">): Promise<void> {
  const connection = await connectGateway();
  const deadline = performance.now() + 10_000;
  let status = await connection.send(request);
  while (status !== 200) {
    if (performance.now() > deadline)
      throw new Error(`The gateway goes on answering ${status}: ${connection.lastBody()}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
    status = await connection.send(request);
  }
  connection.close();
}

async function turnOn(client: ApiClient): Promise<void> {
  const on = ["ai.egress.enabled", providerFlag(provider), "orchestration_enabled"];
  const edits = on.map((flag) => ({ type: "serve" as const, flag, value: true }));
  await client.applyChangeSet({ params: { environment }, body: { edits, reason: "bench" } });
}

function gatewayConfig(upstreamPort: number): GatewayConfigInput {
  return {
    providers: {
      [provider]: { type: "openai", baseUrl: `http://127.0.0.1:${upstreamPort}/v1`, apiKeyEnv: "BENCH_UPSTREAM_KEY" },
    },
    routes: { chat: { models: [{ provider, model: "stub" }] } },
    prices: { stub: { inputMicroUsdPerMillion: 3_000_000, outputMicroUsdPerMillion: 15_000_000 } },
    apiKeys: [{ name: "bench", sha256: createHash("sha256").update(callerKey).digest("hex") }],
  };
}

function requestBytes(port: number): Buffer {
  const head = [
    "POST /v1/chat/completions HTTP/1.1",
    `host: 127.0.0.1:${port}`,
    "content-type: application/json",
    `authorization: Bearer ${callerKey}`,
    `content-length: ${Buffer.byteLength(completion)}`,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${completion}`);
}
