import { DimmerError } from "@dimmer/spec/errors";
import type { Log, Router } from "@dimmer/gateway";
import { describe, expect, test } from "vitest";
import { errorOf, hello, startGateway } from "../gateway.fixture.ts";
import { answers, answersStatus, chunk, roleChunk, streamsPieces } from "../upstream.fake.ts";

/** Asks the last model of the route, so that it can be told from v1. */
const v2: Router = {
  name: "v2",
  async route(routing, caller) {
    const model = routing.models.at(-1);
    if (model === undefined) return { type: "failed", error: new DimmerError("internal"), steps: [] };
    const outcome = await caller.complete(model, routing.request);
    return outcome.ok
      ? { type: "completion", completion: outcome.value, steps: ["last"] }
      : { type: "failed", error: outcome.error, steps: ["last"] };
  },
};

const defect: Router = { name: "v2", route: () => Promise.reject(new TypeError("a defect")) };

describe("who gets v2", () => {
  test("nobody while the master switch or the exposure is off; then those the exposure takes in, from the next request on", async () => {
    await using gateway = await startGateway({ router: v2 });
    const ask = async (user: string): Promise<string | null> =>
      (await gateway.post({ ...hello, user })).headers.get("x-dimmer-variant");
    expect(await ask("ann")).toBe("v1");
    gateway.switches.flags.set("phase_4_deployment", (context) => context?.targetingKey === "ann");
    expect(await ask("ann")).toBe("v1");
    gateway.switches.on("orchestration_enabled");
    expect(await ask("ann")).toBe("v2");
    expect(await ask("bob")).toBe("v1");
    gateway.switches.off("phase_4_deployment");
    expect(await ask("ann")).toBe("v1");
  });

  test("without a v2 router everybody gets v1, and nothing is observed", async () => {
    await using gateway = await startGateway();
    gateway.switches.on("orchestration_enabled", "phase_4_deployment");
    expect((await gateway.post(hello)).headers.get("x-dimmer-variant")).toBe("v1");
    expect(gateway.switches.observations).toEqual([]);
  });

  test("the user is the field, else the header, else the request id; tenant and region come along", async () => {
    await using gateway = await startGateway({ router: v2 });
    const contexts: unknown[] = [];
    gateway.switches
      .on("orchestration_enabled")
      .flags.set("phase_4_deployment", (context) => contexts.push(context) < 0);
    const headers = {
      "x-dimmer-user": "header",
      "x-request-id": "id-1",
      "x-dimmer-tenant": "acme",
      "x-dimmer-region": "eu",
    };
    await gateway.post({ ...hello, user: "field" }, headers);
    await gateway.post(hello, headers);
    await gateway.post(hello, { "x-request-id": "id-1" });
    const known = { route: "chat", tenant: "acme", region: "eu" };
    expect(contexts).toEqual([
      { targetingKey: "field", ...known },
      { targetingKey: "header", ...known },
      { targetingKey: "id-1", route: "chat" },
    ]);
  });

  test("v2 may answer a stream whole: the caller gets one event", async () => {
    await using gateway = await startGateway({ router: v2 });
    gateway.switches.on("orchestration_enabled", "phase_4_deployment");
    const events = [];
    for await (const event of await gateway.client.chat.completions.create({ ...hello, stream: true }))
      events.push(event);
    expect(events.map((event) => event.choices[0]?.delta.content)).toEqual(["hello"]);
  });
});

describe("observations", () => {
  test("say for each request the variant it was evaluated to, and tokens and cost over all calls", async () => {
    await using gateway = await startGateway({ router: v2 });
    gateway.switches.on("orchestration_enabled", "phase_4_deployment");
    await gateway.post(hello);
    gateway.switches.off("phase_4_deployment");
    gateway.one.will(answersStatus(500));
    await gateway.post(hello);
    const shared = {
      flag: "phase_4_deployment",
      setVersion: 7,
      isError: false,
      latencyMs: expect.any(Number),
      inputTokens: 1000,
      outputTokens: 500,
      costMicroUsd: 2000,
    };
    expect(gateway.switches.observations).toEqual([
      { ...shared, variant: "true" },
      { ...shared, variant: "false" },
    ]);
  });

  test("none while the master switch is off", async () => {
    await using gateway = await startGateway({ router: v2 });
    gateway.switches.on("phase_4_deployment");
    await gateway.post(hello);
    expect(gateway.switches.observations).toEqual([]);
  });

  test.each([
    ["a provider's failure", answersStatus(500), true],
    ["a provider's limit", answersStatus(429), true],
    ["a request the provider finds fault with", answersStatus(400), false],
  ])("%s counts as an error: see the third column", async (_name, behaviour, isError) => {
    await using gateway = await startGateway({ router: v2 });
    gateway.switches.on("orchestration_enabled");
    gateway.one.will(behaviour);
    gateway.two.will(behaviour);
    await gateway.post(hello);
    expect(gateway.switches.observations).toMatchObject([{ variant: "false", isError }]);
  });

  test("an error in the middle of a stream is one", async () => {
    await using gateway = await startGateway({ router: v2 });
    gateway.switches.on("orchestration_enabled");
    gateway.one.will(streamsPieces([roleChunk, chunk({ content: "half" })], "break"));
    await (await gateway.post({ ...hello, stream: true })).text();
    expect(gateway.switches.observations).toMatchObject([{ isError: true }]);
  });

  test("an unpriced answer has no cost, rather than none to pay", async () => {
    await using gateway = await startGateway({ router: v2, config: { prices: {} } });
    gateway.switches.on("orchestration_enabled");
    await gateway.post(hello);
    expect(gateway.switches.observations[0]).not.toHaveProperty("costMicroUsd");
  });

  test("requests of the caller's own making, refused before any router, are none", async () => {
    await using gateway = await startGateway({ router: v2 });
    gateway.switches.on("orchestration_enabled");
    await gateway.post({ ...hello, model: "nothing" });
    await gateway.post("not json");
    expect(gateway.switches.observations).toEqual([]);
  });
});

describe("the log", () => {
  /** Everything that was logged, as text. */
  function recordingLog(): { log: Log; lines: string[] } {
    const lines: string[] = [];
    const write = (details: object, message: string): void => void lines.push(`${message} ${JSON.stringify(details)}`);
    return { lines, log: { info: write, warn: write, error: write } };
  }
  const secret = { ...hello, user: "ann@example.org", messages: [{ role: "user", content: "private words" }] };

  test("has a defect in a router once, without what was asked; the caller gets an internal error", async () => {
    const { log, lines } = recordingLog();
    await using gateway = await startGateway({ router: defect, log });
    gateway.switches.on("orchestration_enabled", "phase_4_deployment");
    expect(await errorOf(await gateway.post(secret))).toMatchObject({ status: 500, code: "internal" });
    expect(gateway.switches.observations).toMatchObject([{ variant: "true", isError: true }]);
    expect(lines).toEqual([expect.stringMatching(/^A defect ended a request\..*"variant":"v2"/)]);
    expect(lines.join()).not.toMatch(/private|ann@/);
  });

  test("has a provider's failure once, by names and not in the provider's words", async () => {
    const { log, lines } = recordingLog();
    await using gateway = await startGateway({ log });
    const failing = answersStatus(429, { error: { message: "You said: private words" } });
    gateway.one.will(failing);
    gateway.two.will(failing);
    await gateway.post(secret);
    expect(lines).toEqual([
      expect.stringContaining('"code":"provider_rate_limited","provider":"two","model":"m2","status":429'),
    ]);
    expect(lines.join()).not.toMatch(/private|ann@|secret-of-one/);
  });

  test("has nothing of what callers do wrong", async () => {
    const { log, lines } = recordingLog();
    await using gateway = await startGateway({ log });
    await gateway.post("{");
    gateway.one.will(answersStatus(400));
    await gateway.post(secret);
    expect(lines).toEqual([]);
  });
});

test("status and metrics tell the variants apart", async () => {
  await using gateway = await startGateway({ router: v2 });
  gateway.switches.on("orchestration_enabled");
  gateway.two.will(answers("x"));
  await gateway.post(hello);
  gateway.switches.on("phase_4_deployment");
  await gateway.post(hello);
  const status = (await (await gateway.admin("GET", "/admin/status")).json()) as {
    measurements: { variants: object };
    routers: string[];
  };
  expect(status.routers).toEqual(["v1", "v2"]);
  expect(status.measurements.variants).toMatchObject({
    v1: { requests: 1, costMicroUsd: 25_000 },
    v2: { requests: 1, costMicroUsd: 2000 },
  });
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(text).toContain('dimmer_gateway_cost_usd_total{variant="v2"} 0.002\n');
  expect(text).toContain('dimmer_gateway_request_duration_seconds_count{variant="v1"} 1\n');
});
