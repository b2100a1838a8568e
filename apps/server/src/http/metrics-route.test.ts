import { describe, expect, it } from "vitest";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";

const scrape = async (plane: TestPlane, token?: string): Promise<Response> =>
  await fetch(`${plane.url}/metrics`, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });

const makeToken = async (plane: TestPlane, scope: "read" | "observe", environment?: string): Promise<string> =>
  (
    await plane.call("createToken", {
      body: { name: `${scope}er`, scopes: [scope], ...(environment && { environment }) },
    })
  ).secret;

it("is in Prometheus's text format", async () => {
  const plane = await startPlane();
  await plane.call("addKill", { body: { scope: "all" } });
  const answer = await scrape(plane);
  expect(answer.headers.get("content-type")).toContain("version=0.0.4");
  const text = await answer.text();
  expect(text).toContain('dimmer_active_kills{environment="default"} 1\n');
  expect(text).toMatch(/^(#.*\n|[a-z_]+(\{[^}]*\})? [-+.e0-9]+\n)+$/);
});

it("counts every answer by its class", async () => {
  const plane = await startPlane();
  await fetch(`${plane.url}/healthz`);
  await fetch(`${plane.url}/nowhere`);
  const text = await (await scrape(plane)).text();
  expect(text).toContain('dimmer_http_requests_total{status="2xx"} 1\n');
  expect(text).toContain('dimmer_http_requests_total{status="4xx"} 1\n');
});

it("holds no secret", async () => {
  const plane = await startPlane();
  const secret = await makeToken(plane, "read");
  const text = await (await scrape(plane)).text();
  expect(text).not.toContain(secret);
  expect(text).not.toContain(plane.adminToken);
});

describe("who may read it", () => {
  it("anybody, on loopback", async () => {
    expect((await scrape(await startPlane())).status).toBe(200);
  });

  it("who has a token to read all environments, where it is not open", async () => {
    const plane = await startPlane({ isMetricsOpen: false });
    await plane.call("createEnvironment", { body: { name: "eu" } });
    expect((await scrape(plane)).status).toBe(401);
    expect((await scrape(plane, "wrong")).status).toBe(401);
    expect((await scrape(plane, await makeToken(plane, "observe"))).status).toBe(403);
    expect((await scrape(plane, await makeToken(plane, "read", "eu"))).status).toBe(403);
    expect((await scrape(plane, await makeToken(plane, "read"))).status).toBe(200);
  });

  it.each([
    [undefined, 401],
    [true, 200],
  ])("with isMetricsOpen %s on all addresses of this machine: %i without a token", async (isMetricsOpen, status) => {
    const plane = await startPlane({ host: "0.0.0.0", isMetricsOpen });
    expect((await scrape(plane)).status).toBe(status);
    expect((await fetch(`${plane.url}/healthz`)).status).toBe(200);
  });
});
