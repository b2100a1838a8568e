import { createGateway } from "@dimmer/gateway";
import { describe, expect, test } from "vitest";
import { errorOf, startGateway } from "../gateway.fixture.ts";
import { FakeSwitches } from "../ports/switches.fake.ts";

describe("/admin", () => {
  test("needs the token", async () => {
    await using gateway = await startGateway();
    expect((await fetch(`${gateway.url}/admin/status`)).status).toBe(401);
    const wrong = { authorization: "Bearer wrong" };
    expect(await errorOf(await fetch(`${gateway.url}/admin/status`, { headers: wrong }))).toMatchObject({
      code: "unauthenticated",
    });
    expect((await gateway.admin("GET", "/admin/status")).status).toBe(200);
    expect((await gateway.admin("GET", "/admin/nothing")).status).toBe(404);
  });

  test("refuses everybody when the gateway has none", async () => {
    const config = {
      providers: { sim: { type: "simulated" as const } },
      routes: { chat: { models: [{ provider: "sim", model: "m" }] } },
    };
    const gateway = createGateway({ config, dimmer: new FakeSwitches() });
    const { url } = await gateway.listen();
    expect((await fetch(`${url}/admin/status`, { headers: { authorization: "Bearer " } })).status).toBe(403);
    await gateway.close();
  });

  test("the status shows what is on and what is killed, and no key", async () => {
    await using gateway = await startGateway();
    gateway.switches.kill("provider:one").kill("route:chat").off("ai.provider.two.enabled");
    const text = await (await gateway.admin("GET", "/admin/status")).text();
    expect(JSON.parse(text)).toMatchObject({
      isReady: true,
      providers: { one: { type: "openai", isOn: true, isKilled: true }, two: { isOn: false, isKilled: false } },
      routes: { chat: { isKilled: true } },
    });
    expect(text).not.toContain("secret-of-one");
  });
});
