import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { errorOf, hello, startGateway } from "../gateway.fixture.ts";
import type { FakeSwitches } from "../ports/switches.fake.ts";

const tool = { type: "function" as const, function: { name: "shell" } };

/** In the order in which they are checked: each closes one gate more. */
const gates: readonly { code: string; status: number; close: (switches: FakeSwitches) => void }[] = [
  { code: "model_killed", status: 503, close: (switches) => switches.kill("model:m1").kill("model:two/m2") },
  { code: "provider_killed", status: 503, close: (switches) => switches.kill("provider:one").kill("provider:two") },
  {
    code: "provider_disabled",
    status: 503,
    close: (switches) => switches.off("ai.provider.one.enabled", "ai.provider.two.enabled"),
  },
  { code: "tool_killed", status: 503, close: (switches) => switches.kill("tool:shell") },
  { code: "tenant_killed", status: 503, close: (switches) => switches.kill("tenant:acme") },
  { code: "route_killed", status: 503, close: (switches) => switches.kill("route:chat") },
  { code: "egress_disabled", status: 503, close: (switches) => switches.off("ai.egress.enabled") },
  { code: "read_only_refused", status: 503, close: (switches) => switches.on("read_only_mode") },
  { code: "maintenance_mode", status: 503, close: (switches) => switches.on("maintenance_mode") },
  { code: "emergency_shutdown", status: 503, close: (switches) => switches.on("emergency_shutdown") },
];

describe("admission", () => {
  const request = { ...hello, tools: [tool] };
  const headers = { "x-dimmer-tenant": "acme" };

  test.each(gates)("refuses with $code, and calls nobody", async ({ code, status, close }) => {
    await using gateway = await startGateway();
    close(gateway.switches);
    const response = await gateway.post(request, headers);
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await errorOf(response)).toMatchObject({ status, code, type: "api_error" });
    expect(gateway.one.requests.length + gateway.two.requests.length).toBe(0);
    // Refusals are no observations: nobody was answered.
    expect(gateway.switches.observations).toEqual([]);
  });

  test.each(gates)("tells official clients not to keep asking while $code holds", async ({ code, close }) => {
    await using gateway = await startGateway();
    close(gateway.switches);
    const client = new OpenAI({ apiKey: "none", baseURL: `${gateway.url}/v1`, maxRetries: 2 });
    await expect(client.chat.completions.create(request, { headers })).rejects.toMatchObject({ status: 503, code });
    const status = (await (await gateway.admin("GET", "/admin/status")).json()) as { measurements: object };
    expect(status.measurements).toMatchObject({ refused: { [code]: 1 } });
  });

  test("checks in one order: with every gate closed, each comes to light when those before it open", async () => {
    await using gateway = await startGateway();
    const seen: string[] = [];
    for (const gate of gates) {
      gate.close(gateway.switches);
      seen.push((await errorOf(await gateway.post(request, headers))).code);
    }
    expect(seen).toEqual(gates.map((gate) => gate.code));
  });

  test("a kill of everything is an emergency shutdown", async () => {
    await using gateway = await startGateway();
    gateway.switches.kill("all");
    expect(await errorOf(await gateway.post(hello))).toMatchObject({ status: 503, code: "emergency_shutdown" });
  });

  test("an unknown route is not found, after egress and before its kills", async () => {
    await using gateway = await startGateway();
    const unknown = { ...hello, model: "nothing" };
    gateway.switches.kill("route:nothing").kill("tenant:acme");
    expect(await errorOf(await gateway.post(unknown, headers))).toMatchObject({
      status: 404,
      code: "model_not_found",
      type: "not_found_error",
    });
    gateway.switches.off("ai.egress.enabled");
    expect(await errorOf(await gateway.post(unknown, headers))).toMatchObject({ code: "egress_disabled" });
  });

  test.each([{ tools: [tool] }, { functions: [{ name: "shell" }] }, { store: true }])(
    "read-only mode refuses %j",
    async (extra) => {
      await using gateway = await startGateway();
      gateway.switches.on("read_only_mode");
      expect(await errorOf(await gateway.post({ ...hello, ...extra }))).toMatchObject({ code: "read_only_refused" });
    },
  );

  test("read-only mode serves plain completions", async () => {
    await using gateway = await startGateway();
    gateway.switches.on("read_only_mode");
    expect((await gateway.post({ ...hello, tools: [], store: false })).status).toBe(200);
  });

  test.each([
    ["a provider that is off", (switches: FakeSwitches) => switches.off("ai.provider.one.enabled")],
    ["a killed provider", (switches: FakeSwitches) => switches.kill("provider:one")],
    ["a killed model", (switches: FakeSwitches) => switches.kill("model:m1")],
    ["a model killed at one provider", (switches: FakeSwitches) => switches.kill("model:one/m1")],
  ])("%s is left out, and the rest of the route serves", async (_name, close) => {
    await using gateway = await startGateway();
    close(gateway.switches);
    const response = await gateway.post(hello);
    expect(response.status).toBe(200);
    expect(response.headers.get("x-dimmer-provider")).toBe("two");
    expect(gateway.one.requests).toHaveLength(0);
  });

  test("one provider off and the other killed: the kill is the reason, for the one that is on", async () => {
    await using gateway = await startGateway();
    gateway.switches.off("ai.provider.one.enabled").kill("provider:two");
    expect(await errorOf(await gateway.post(hello))).toMatchObject({
      code: "provider_killed",
      message: expect.stringContaining("two"),
    });
  });

  test("another tenant and another tool go on", async () => {
    await using gateway = await startGateway();
    gateway.switches.kill("tenant:other").kill("tool:other").kill("route:other");
    expect((await gateway.post(request, headers)).status).toBe(200);
  });

  test("refusals are counted by code", async () => {
    await using gateway = await startGateway();
    gateway.switches.off("ai.egress.enabled");
    await gateway.post(hello);
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain(
      'dimmer_gateway_refused_total{code="egress_disabled"} 1\n',
    );
  });
});
