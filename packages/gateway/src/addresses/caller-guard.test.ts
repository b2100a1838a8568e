import { createHash } from "node:crypto";
import { createGateway } from "@dimmer/gateway";
import { describe, expect, test } from "vitest";
import { errorOf, hello, startGateway } from "../gateway.fixture.ts";
import { FakeSwitches } from "../ports/switches.fake.ts";

describe("who may call", () => {
  const apiKeys = [{ name: "ann", sha256: createHash("sha256").update("key-of-ann").digest("hex") }];

  test("with keys configured: those who send one", async () => {
    await using gateway = await startGateway({ config: { apiKeys } });
    for (const headers of [{}, { authorization: "Bearer wrong" }, { authorization: "Basic key-of-ann" }]) {
      expect(await errorOf(await gateway.post(hello, headers))).toMatchObject({
        status: 401,
        code: "unauthenticated",
        type: "authentication_error",
      });
    }
    expect((await fetch(`${gateway.url}/v1/models`)).status).toBe(401);
    expect((await gateway.post(hello, { authorization: "Bearer key-of-ann" })).status).toBe(200);
  });

  test("without: programs on this machine, but no web page", async () => {
    await using gateway = await startGateway();
    expect(await errorOf(await gateway.post(hello, { origin: "https://evil.example" }))).toMatchObject({
      status: 403,
      code: "forbidden",
    });
    expect((await gateway.post(hello)).status).toBe(200);
  });

  test("a gateway without keys does not listen beyond loopback, unless it is told to", async () => {
    const config = {
      providers: { sim: { type: "simulated" as const } },
      routes: { chat: { models: [{ provider: "sim", model: "m" }] } },
    };
    const closed = createGateway({ config, dimmer: new FakeSwitches() });
    for (const host of ["0.0.0.0", "127.example.com"]) {
      await expect(closed.listen({ host })).rejects.toMatchObject({
        code: "config_invalid",
        details: { field: "apiKeys" },
      });
    }
  });
});
