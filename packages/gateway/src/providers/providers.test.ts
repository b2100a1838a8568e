import { describe, expect, test } from "vitest";
import { errorOf, startGateway } from "../gateway.fixture.ts";
import type { FixtureOptions, GatewayFixture } from "../gateway.fixture.ts";

const question = { model: "chat", messages: [{ role: "user" as const, content: "What is 17 * 23?" }] };
const routes = { chat: { models: [{ provider: "sim", model: "m" }] } };
const still = { p50Ms: 0, p95Ms: 0 };

async function startSimulated(settings: object = {}, options: FixtureOptions = {}): Promise<GatewayFixture> {
  const providers = { sim: { type: "simulated" as const, latency: still, ...settings } };
  const gateway = await startGateway({
    ...options,
    config: { providers, routes, timeouts: { headersMs: 40 }, ...options.config },
  });
  gateway.switches.on("ai.provider.sim.enabled");
  return gateway;
}

describe("a simulated provider", () => {
  test("really computes, whole and streamed", async () => {
    await using gateway = await startSimulated();
    const whole = await gateway.client.chat.completions.create(question);
    expect(whole.choices[0]?.message.content).toBe("17 * 23 = 391\n#### 391");
    expect(whole.usage).toMatchObject({ prompt_tokens: 4, completion_tokens: 6 });
    const streamed = await gateway.client.chat.completions.stream({ ...question, stream: true }).finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe("17 * 23 = 391\n#### 391");
  });

  test.each([
    [{ faultRates: { timeout: 1 } }, 504, "provider_timeout"],
    [{ faultRates: { refusal: 1 } }, 429, "provider_rate_limited"],
    [{ faultRates: { cutStream: 1 } }, 502, "stream_cut"],
    [{ faultRates: { malformed: 1 } }, 502, "provider_failed"],
    [{ errorRate: 1 }, 502, "provider_failed"],
  ])("with %j answers as told", async (settings, status, code) => {
    await using gateway = await startSimulated(settings);
    expect(await errorOf(await gateway.post(question))).toMatchObject({ status, code });
  });

  test.each([{ cutStream: 1 }, { malformed: 1 }])("with %j breaks a stream off in the middle", async (faultRates) => {
    await using gateway = await startSimulated({ faultRates });
    const text = await (await gateway.post({ ...question, stream: true })).text();
    expect(text).toContain('"content":"17 *');
    expect(text).toContain('"code":"stream_cut"');
    expect(text).not.toContain("[DONE]");
  });

  test("with a seed answers the same question alike, of each model its own way", async () => {
    const models = [{ provider: "sim", model: "m" }];
    await using gateway = await startSimulated({ quality: 0.5, seed: 3 }, { config: { routes: { chat: { models } } } });
    const ask = async (number: number): Promise<string> => {
      const messages = [{ role: "user", content: `What is ${number} * 23?` }];
      return (
        (await (await gateway.post({ ...question, messages })).json()) as {
          choices: [{ message: { content: string } }];
        }
      ).choices[0].message.content;
    };
    const numbers = Array.from({ length: 40 }, (_, index) => 11 + index);
    const first = await Promise.all(numbers.map(ask));
    expect(await Promise.all(numbers.map(ask))).toEqual(first);
    const right = numbers.filter((number, index) => first[index]?.endsWith(`#### ${number * 23}`)).length;
    expect(right).toBeGreaterThan(8);
    expect(right).toBeLessThan(32);
  });

  test("is changed while it runs, model by model; what is left out goes back to its default", async () => {
    await using gateway = await startSimulated();
    const put = await gateway.admin("PUT", "/admin/simulated/sim", { latency: still, models: { m: { errorRate: 1 } } });
    expect(await put.json()).toMatchObject({ errorRate: 0, models: { m: { errorRate: 1, latency: still } } });
    expect((await gateway.post(question)).status).toBe(502);
    await gateway.admin("PUT", "/admin/simulated/sim", {});
    const settings = await (await gateway.admin("GET", "/admin/simulated/sim")).json();
    expect(settings).toMatchObject({ latency: { p50Ms: 40, p95Ms: 120 }, quality: 1, models: {}, seed: null });
  });

  test.each([
    ["{", "body"],
    [{ quality: 2 }, "/quality"],
    [{ qualty: 1 }, "/qualty"],
    [[], ""],
  ])("%j changes nothing, and says what is wrong", async (body, param) => {
    await using gateway = await startSimulated();
    const before = await (await gateway.admin("GET", "/admin/simulated/sim")).text();
    expect(await errorOf(await gateway.admin("PUT", "/admin/simulated/sim", body))).toMatchObject({
      status: 400,
      code: "invalid_request",
      param,
    });
    expect(await (await gateway.admin("GET", "/admin/simulated/sim")).text()).toBe(before);
  });

  test("is the only kind that can be changed so", async () => {
    await using gateway = await startGateway();
    expect((await gateway.admin("PUT", "/admin/simulated/one", {})).status).toBe(404);
  });
});

describe("a recorded provider", () => {
  const recorded = {
    type: "recorded" as const,
    load: async () => new Map([["What is 17 * 23?", { m: "From the record.\n#### 391" }]]),
  };

  test("answers what was recorded, whole and streamed, and its tokens are estimated", async () => {
    await using gateway = await startGateway({ config: { providers: { sim: recorded }, routes } });
    gateway.switches.on("ai.provider.sim.enabled");
    const { data, response } = await gateway.client.chat.completions.create(question).withResponse();
    expect(data.choices[0]?.message.content).toBe("From the record.\n#### 391");
    expect(response.headers.get("x-dimmer-cost-usd")).toBe("unknown");
    const streamed = await gateway.client.chat.completions.stream({ ...question, stream: true }).finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe("From the record.\n#### 391");
  });

  test("refuses what was not, so that another may be asked", async () => {
    const models = [
      { provider: "sim", model: "unrecorded" },
      { provider: "sim", model: "m" },
    ];
    await using gateway = await startGateway({
      config: { providers: { sim: recorded }, routes: { chat: { models } } },
    });
    gateway.switches.on("ai.provider.sim.enabled");
    const response = await gateway.post(question);
    expect(response.headers.get("x-dimmer-model")).toBe("m");
    expect(response.headers.get("x-dimmer-attempts")).toBe("2");
  });

  test("keeps the gateway from starting when its record cannot be loaded", async () => {
    const load = (): never => {
      throw new Error("no such file");
    };
    await expect(startGateway({ config: { providers: { sim: { type: "recorded", load } }, routes } })).rejects.toThrow(
      "no such file",
    );
  });
});
