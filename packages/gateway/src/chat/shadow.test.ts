import type { GatewayStatus, Router } from "@dimmer/gateway";
import { describe, expect, test } from "vitest";
import { hello, startGateway } from "../gateway.fixture.ts";
import type { FixtureOptions, GatewayFixture } from "../gateway.fixture.ts";
import { answers, answersStatus, staysSilent, streams } from "../upstream.fake.ts";

/** Asks the second provider, so that the shadow's calls can be told from those of v1. Resolves `done` after each answer. */
function shadowRouter(): { router: Router; finished: () => Promise<void> } {
  let resolvers: (() => void)[] = [];
  const router: Router = {
    name: "v2",
    async route(routing, caller) {
      // The route's last model, whether or not it may be called: the caller has to refuse what is killed.
      const outcome = await caller.complete({ provider: "two", model: "m2", tier: "cheap" }, routing.request);
      setImmediate(() => {
        for (const resolve of resolvers.splice(0)) resolve();
      });
      return outcome.ok
        ? { type: "completion", completion: outcome.value, steps: [] }
        : { type: "failed", error: outcome.error, steps: [] };
    },
  };
  return { router, finished: () => new Promise((resolve) => (resolvers = [...resolvers, resolve])) };
}

async function startShadowing(
  options: FixtureOptions = {},
): Promise<{ gateway: GatewayFixture; finished: () => Promise<void> }> {
  const { router, finished } = shadowRouter();
  const gateway = await startGateway({ router, ...options });
  gateway.switches.on("orchestration_shadow", "orchestration_enabled");
  return { gateway, finished };
}

async function shadowTotals(gateway: GatewayFixture): Promise<GatewayStatus["measurements"]["shadow"]> {
  return ((await (await gateway.admin("GET", "/admin/status")).json()) as GatewayStatus).measurements.shadow;
}

describe("a shadow", () => {
  test("sees what v1 has answered, and is compared by the final answer; the caller gets v1's", async () => {
    const { gateway, finished } = await startShadowing();
    await using _ = gateway;
    gateway.one.will(answers("Nine and three.\n#### 12"));
    gateway.two.will(answers("12 it is.\n#### 12.0"));
    const done = finished();
    const response = await gateway.client.chat.completions.create(hello);
    expect(response.choices[0]?.message.content).toBe("Nine and three.\n#### 12");
    await done;
    expect(await shadowTotals(gateway)).toMatchObject({
      compared: 1,
      same: 1,
      servedCostMicroUsd: 25_000,
      shadowCostMicroUsd: 2000,
      totalCostMicroUsd: 2000,
    });
  });

  test("that comes to something else is counted so; so is one of a stream", async () => {
    const { gateway, finished } = await startShadowing();
    await using _ = gateway;
    gateway.one.will(streams("#### ", "12"));
    gateway.two.will(answers("#### 13"), answers("#### 12"));
    for (let count = 0; count < 2; count += 1) {
      const done = finished();
      await (await gateway.post({ ...hello, stream: true })).text();
      await done;
    }
    expect(await shadowTotals(gateway)).toMatchObject({ compared: 2, same: 1 });
  });

  test("is in nobody's observation, cost or count of requests", async () => {
    const { gateway, finished } = await startShadowing();
    await using _ = gateway;
    const done = finished();
    await gateway.post(hello);
    await done;
    expect(gateway.switches.observations).toMatchObject([{ costMicroUsd: 25_000, inputTokens: 1000 }]);
    const status = (await (await gateway.admin("GET", "/admin/status")).json()) as GatewayStatus;
    expect(status.measurements.variants).toMatchObject({ v1: { requests: 1, costMicroUsd: 25_000 } });
    expect(status.measurements.variants).not.toHaveProperty("v2");
  });

  test("that fails is counted, and the caller never notices", async () => {
    const { gateway, finished } = await startShadowing();
    await using _ = gateway;
    gateway.two.will(answersStatus(500));
    const done = finished();
    expect((await gateway.post(hello)).status).toBe(200);
    await done;
    expect(await shadowTotals(gateway)).toMatchObject({ compared: 0, failed: 1 });
    expect(gateway.switches.observations).toMatchObject([{ isError: false }]);
  });

  test("is asked for by the flag, request by request", async () => {
    const { gateway } = await startShadowing();
    await using _ = gateway;
    const keys: unknown[] = [];
    gateway.switches.flags.set("orchestration_shadow", (context) => keys.push(context?.targetingKey) < 0);
    await gateway.post({ ...hello, user: "ann" }, { "x-request-id": "id-1" });
    await gateway.post({ ...hello, user: "ann" }, { "x-request-id": "id-2" });
    expect(keys).toEqual(["id-1", "id-2"]);
    expect(gateway.two.requests).toHaveLength(0);
  });

  test("does not follow requests that v2 answered, or that got an error", async () => {
    const { gateway } = await startShadowing();
    await using _ = gateway;
    gateway.switches.on("phase_4_deployment");
    await gateway.post(hello);
    gateway.switches.off("phase_4_deployment");
    gateway.one.will(answersStatus(400));
    await gateway.post(hello);
    // One request: v2's own answer to the first.
    expect(gateway.two.requests).toHaveLength(1);
    expect(await shadowTotals(gateway)).toMatchObject({ compared: 0, failed: 0, dropped: 0, refused: 0 });
  });

  test.each([
    ["everything is killed", "all"],
    ["the route is killed", "route:chat"],
  ])("is not run when %s between the answer and its turn", async (_name, kill) => {
    const { gateway } = await startShadowing();
    await using _ = gateway;
    // Decided to shadow, and killed in the same moment.
    gateway.switches.flags.set("orchestration_shadow", () => {
      gateway.switches.kill(kill);
      return true;
    });
    await gateway.post(hello);
    expect(gateway.two.requests).toHaveLength(0);
    expect(await shadowTotals(gateway)).toMatchObject({ refused: 1 });
  });

  test("makes no call to a provider killed meanwhile", async () => {
    const { gateway, finished } = await startShadowing();
    await using _ = gateway;
    gateway.switches.flags.set("orchestration_shadow", () => {
      gateway.switches.kill("model:two/m2");
      return true;
    });
    const done = finished();
    await gateway.post(hello);
    await done;
    expect(gateway.two.requests).toHaveLength(0);
    expect(await shadowTotals(gateway)).toMatchObject({ failed: 1 });
  });

  test("is dropped and counted when enough are running", async () => {
    const { gateway } = await startShadowing({ config: { shadow: { concurrency: 1 } } });
    await using _ = gateway;
    gateway.two.will(staysSilent);
    const arrived = gateway.two.nextRequest();
    await gateway.post(hello);
    await arrived;
    await gateway.post(hello);
    await gateway.post(hello);
    expect(gateway.two.requests).toHaveLength(1);
    expect(await shadowTotals(gateway)).toMatchObject({ dropped: 2 });
  });
});
