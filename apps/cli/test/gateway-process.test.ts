/** A gateway as `dimmer gateway` composes it, following a real control plane. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runGateway } from "../src/up/run-gateway.ts";
import { useControlPlane } from "./control-plane.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const { open } = useControlPlane();

it("gives a provider the catalogue does not know a flag that is off, and obeys that flag and its kill", async () => {
  const { env, client, params } = await open();
  const configFile = join(temporaryDirectory(), "gateway.yaml");
  writeFileSync(
    configFile,
    "providers: { acme: { type: simulated } }\nroutes: { chat: { models: [{ provider: acme, model: one }] } }\n",
  );
  const said: string[] = [];
  const gateway = await runGateway({
    env,
    host: "127.0.0.1",
    port: 0,
    configFile,
    say: (text) => said.push(text),
  });
  onTestFinished(() => gateway.close(0));
  const ask = async (): Promise<string> => {
    const response = await fetch(`${gateway.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "chat",
        user: "user-1",
        messages: [{ role: "user", content: "What is 17 * 23?" }],
      }),
    });
    const text = await response.text();
    return response.ok ? text : String(/"code":"([a-z_]+)"/.exec(text)?.[1]);
  };

  const flag = "ai.provider.acme.enabled";
  expect(await client.getFlag({ params: { ...params, flag } })).toMatchObject({ value: false });
  await client.applyChangeSet({ params, body: { edits: [{ type: "serve", flag: "ai.egress.enabled", value: true }] } });
  await expect.poll(ask).toBe("provider_disabled");
  await client.applyChangeSet({ params, body: { edits: [{ type: "serve", flag, value: true }] } });
  await expect.poll(ask).toContain("#### 391");
  const killed = await client.addKill({ params, body: { scope: "provider", target: "acme" } });
  expect(killed.replicas).toEqual({ connected: 1, applied: 1 });
  expect(await ask()).toBe("provider_killed");
  expect(said).toEqual([]);
});
