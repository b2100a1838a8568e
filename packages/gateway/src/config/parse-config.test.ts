import { createGateway, parseGatewayConfig } from "@dimmer/gateway";
import { describe, expect, test } from "vitest";
import { FakeSwitches } from "../ports/switches.fake.ts";

const minimal = {
  providers: { bedrock: { type: "simulated" } },
  routes: { chat: { models: [{ provider: "bedrock", model: "claude" }] } },
};

/** The pointers of what is wrong with a configuration. */
function faultsOf(input: unknown): string[] {
  const parse = parseGatewayConfig(input);
  return parse.ok ? [] : parse.faults.map((fault) => fault.pointer);
}

describe("a configuration", () => {
  test("never repeats what may be a key", () => {
    const parse = parseGatewayConfig({ ...minimal, apiKeys: [{ name: "ann", sha256: "the-key-itself" }] });
    expect(parse.ok).toBe(false);
    expect(JSON.stringify(parse)).not.toContain("the-key-itself");
  });

  test("needs providers and routes; all else has a default", () => {
    expect(parseGatewayConfig(minimal)).toMatchObject({
      ok: true,
      config: {
        routes: { chat: { models: [{ provider: "bedrock", model: "claude", tier: "strong" }] } },
        retry: { attempts: 2 },
        timeouts: { headersMs: 30_000, stallMs: 15_000, deadlineMs: 120_000 },
        limits: { bodyBytes: 4 * 1024 * 1024 },
        allowAnonymous: false,
      },
    });
    expect(faultsOf({})).toEqual(["/providers", "/routes"]);
  });

  test("waits no longer than a timer can: a longer one would go off at once", () => {
    const longestMs = 2 ** 31 - 1;
    const times = { timeouts: { deadlineMs: longestMs }, limits: { requestTimeoutMs: longestMs } };
    expect(faultsOf({ ...minimal, ...times })).toEqual([]);
    expect(
      faultsOf({ ...minimal, timeouts: { deadlineMs: longestMs + 1 }, retry: { maxDelayMs: longestMs + 1 } }),
    ).toEqual(["/retry/maxDelayMs", "/timeouts/deadlineMs"]);
  });

  test("with many faults shows them all, each with its place, its value and a fix", () => {
    const parse = parseGatewayConfig({
      ...minimal,
      routs: {},
      retry: { attempts: 0, baseDelayMs: "soon" },
      timeouts: { headersMs: 1.5 },
      prices: { claude: { inputMicroUsdPerMillion: 3_000_000 } },
      apiKeys: [{ name: "ann", sha256: "the-key-itself" }],
    });
    if (parse.ok) throw new Error("It has faults.");
    expect(parse.faults.map((fault) => fault.pointer).toSorted()).toEqual([
      "/apiKeys/0/sha256",
      "/prices/claude/outputMicroUsdPerMillion",
      "/retry/attempts",
      "/retry/baseDelayMs",
      "/routs",
      "/timeouts/headersMs",
    ]);
    expect(parse.faults.find((fault) => fault.pointer === "/retry/attempts")).toEqual({
      pointer: "/retry/attempts",
      message: "This must be a number of at least 1.",
      value: 0,
      fix: "Write a number of at least 1.",
    });
    // What may be a secret is not shown.
    expect(JSON.stringify(parse.faults)).not.toContain("the-key-itself");
  });

  test.each([
    ["no object", [], ""],
    [
      "an unknown provider in a route",
      { ...minimal, routes: { chat: { models: [{ provider: "gogle", model: "m" }] } } },
      "/routes/chat/models/0/provider",
    ],
    ["a route without models", { ...minimal, routes: { chat: { models: [] } } }, "/routes/chat/models"],
    [
      "an unknown tier",
      { ...minimal, routes: { chat: { models: [{ provider: "bedrock", model: "m", tier: "big" }] } } },
      "/routes/chat/models/0/tier",
    ],
    [
      "a model name that is no header",
      { ...minimal, routes: { chat: { models: [{ provider: "bedrock", model: "mö del" }] } } },
      "/routes/chat/models/0/model",
    ],
    [
      "a provider name that is no flag key",
      { ...minimal, providers: { ...minimal.providers, "A B": { type: "simulated" } } },
      "/providers/A B",
    ],
    ["a route with a slash", { ...minimal, routes: { ...minimal.routes, "a/b": {} } }, "/routes/a~1b/models"],
    [
      "an unknown type",
      { ...minimal, providers: { ...minimal.providers, x: { type: "telepathy" } } },
      "/providers/x/type",
    ],
    [
      "an address that is none",
      { ...minimal, providers: { ...minimal.providers, x: { type: "openai", baseUrl: "ftp://x" } } },
      "/providers/x/baseUrl",
    ],
    [
      "a recorded provider from a file",
      { ...minimal, providers: { ...minimal.providers, x: { type: "recorded" } } },
      "/providers/x/load",
    ],
    [
      "a rate above 1",
      { ...minimal, providers: { bedrock: { type: "simulated", errorRate: 5 } } },
      "/providers/bedrock/errorRate",
    ],
    [
      "a misspelt fault",
      { ...minimal, providers: { bedrock: { type: "simulated", faultRates: { timeouts: 1 } } } },
      "/providers/bedrock/faultRates/timeouts",
    ],
    [
      "latencies that fall",
      { ...minimal, providers: { bedrock: { type: "simulated", latency: { p50Ms: 9, p95Ms: 3 } } } },
      "/providers/bedrock/latency/p95Ms",
    ],
  ])("%s is a fault at its place", (_name, input, pointer) => {
    expect(faultsOf(input)).toContain(pointer);
  });

  test("stops the gateway from being built, with every fault in the error", () => {
    const config = { providers: {}, routes: { chat: { models: [{ provider: "none", model: "m" }] } } };
    expect(() => createGateway({ config, dimmer: new FakeSwitches() })).toThrow(
      expect.objectContaining({
        code: "config_invalid",
        message: expect.stringContaining("/routes/chat/models/0/provider"),
      }),
    );
  });

  test("that names a variable for a key needs it to be set", () => {
    const config = {
      ...minimal,
      providers: { bedrock: { type: "openai" as const, baseUrl: "http://127.0.0.1:1", apiKeyEnv: "BEDROCK_KEY" } },
    };
    expect(() => createGateway({ config, dimmer: new FakeSwitches(), environment: {} })).toThrow(
      expect.objectContaining({ code: "config_invalid", message: expect.stringContaining("BEDROCK_KEY") }),
    );
  });
});
