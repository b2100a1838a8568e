import { describe, expect, test } from "vitest";
import { errorOf, hello, startGateway } from "../gateway.fixture.ts";
import { systemClock } from "../ports/clock.ts";
import type { FakeSwitches } from "../ports/switches.fake.ts";
import { answersStatus, chunk, doneChunk, finishChunk, roleChunk } from "../upstream.fake.ts";
import type { Behaviour } from "../upstream.fake.ts";

/** What can forbid a call of a request that was admitted before. */
const forbidden: readonly { code: string; forbid: (switches: FakeSwitches) => void }[] = [
  { code: "emergency_shutdown", forbid: (switches) => switches.kill("all") },
  { code: "route_killed", forbid: (switches) => switches.kill("route:chat") },
  { code: "tenant_killed", forbid: (switches) => switches.kill("tenant:acme") },
  { code: "provider_killed", forbid: (switches) => switches.kill("provider:one").kill("provider:two") },
  { code: "model_killed", forbid: (switches) => switches.kill("model:m1").kill("model:m2") },
  { code: "egress_disabled", forbid: (switches) => switches.off("ai.egress.enabled") },
  {
    code: "provider_disabled",
    forbid: (switches) => switches.off("ai.provider.one.enabled", "ai.provider.two.enabled"),
  },
];

describe("a running request", () => {
  test.each(forbidden)("makes no further attempt once $code holds", async ({ code, forbid }) => {
    // The wait between two attempts is the moment at which the kill lands.
    const killed: FakeSwitches[] = [];
    const clock = {
      ...systemClock,
      async sleep() {
        killed.forEach(forbid);
      },
    };
    await using gateway = await startGateway({ clock, config: { retry: { attempts: 3 } } });
    killed.push(gateway.switches);
    gateway.one.will(answersStatus(500));
    expect(await errorOf(await gateway.post(hello, { "x-dimmer-tenant": "acme" }))).toMatchObject({ code });
    expect([gateway.one.requests.length, gateway.two.requests.length]).toEqual([1, 0]);
  });

  test.each(forbidden)("does not fall back once $code holds", async ({ code, forbid }) => {
    await using gateway = await startGateway();
    gateway.one.will((response, request) => {
      forbid(gateway.switches);
      answersStatus(500)(response, request);
    });
    expect(await errorOf(await gateway.post(hello, { "x-dimmer-tenant": "acme" }))).toMatchObject({ code });
    expect(gateway.two.requests).toHaveLength(0);
  });

  test("falls back past a provider that is killed meanwhile", async () => {
    const switches: FakeSwitches[] = [];
    const clock = {
      ...systemClock,
      async sleep() {
        switches[0]?.kill("provider:one");
      },
    };
    await using gateway = await startGateway({ clock, config: { retry: { attempts: 3 } } });
    switches.push(gateway.switches);
    gateway.one.will(answersStatus(500));
    const response = await gateway.post(hello);
    expect(response.headers.get("x-dimmer-provider")).toBe("two");
    expect(gateway.one.requests).toHaveLength(1);
  });

  test.each(["emergency_shutdown", "maintenance_mode"])(
    "may still fall back when the flag %s turns on",
    async (flag) => {
      await using gateway = await startGateway();
      gateway.one.will((response, request) => {
        gateway.switches.on(flag);
        answersStatus(500)(response, request);
      });
      expect((await gateway.post(hello)).status).toBe(200);
    },
  );

  test.each(forbidden)("finishes the stream it is in the middle of when $code comes to hold", async ({ forbid }) => {
    await using gateway = await startGateway();
    let finish = (): void => undefined;
    const pausing: Behaviour = (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(roleChunk + chunk({ content: "half" }));
      finish = () => response.end(finishChunk + doneChunk);
    };
    gateway.one.will(pausing);
    const response = await gateway.post({ ...hello, stream: true }, { "x-dimmer-tenant": "acme" });
    forbid(gateway.switches);
    finish();
    expect(await response.text()).toContain("data: [DONE]");
    // And the next one is refused.
    expect((await gateway.post(hello, { "x-dimmer-tenant": "acme" })).status).toBe(503);
  });
});
