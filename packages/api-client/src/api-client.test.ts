import { createApiClient } from "@dimmer/api-client";
import { createManualClock, startFakeControlPlane } from "@dimmer/api-client/testing";
import type { FakeControlPlane } from "@dimmer/api-client/testing";
import { DimmerError } from "@dimmer/spec/errors";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const params = { environment: "default" };
const secret = "s3cret-token";

let server: FakeControlPlane;
beforeEach(async () => {
  server = await startFakeControlPlane();
});
afterEach(() => server.stop());

const caught = async (promise: Promise<unknown>): Promise<DimmerError> => {
  const error: unknown = await promise.then(
    () => "it succeeded",
    (thrown: unknown) => thrown,
  );
  if (!DimmerError.is(error)) throw new Error(`not a DimmerError: ${String(error)}`);
  return error;
};

describe("a call", () => {
  test("sends what the contract says and answers with the parsed body", async () => {
    const client = createApiClient({ url: `${server.url}/`, token: server.token });
    const kill = {
      id: "k1",
      scope: "provider",
      target: "google",
      by: "ops",
      reason: "",
      at: "2026-01-01T00:00:00Z",
    } as const;
    const state = await client.mergeKills({ params, body: { kills: [kill], revives: [] } });
    expect(state.active).toEqual([kill]);
    expect(server.requests.at(-1)).toMatchObject({
      route: "mergeKills",
      headers: { authorization: `Bearer ${server.token}`, "content-type": "application/json" },
      body: { kills: [kill], revives: [] },
    });
  });

  test("writes parameters and query so that they arrive as they are", async () => {
    server.answer("listAudit", (_, response) => response.end("[]"));
    server.answer("getFlag", (_, response) => response.end("{}"));
    const client = createApiClient({ url: server.url, token: server.token });
    await client.listAudit({ params, query: { limit: 5, before: undefined } });
    expect(server.requests.at(-1)?.url).toBe("/api/v1/environments/default/audit?limit=5");
    await client.getFlag({ params: { environment: "default", flag: "a/b c?d#é" } });
    expect(decodeURIComponent(server.requests.at(-1)?.url ?? "")).toBe("/api/v1/environments/default/flags/a/b c?d#é");
  });

  test.each(["", ".", ".."])("refuses the parameter '%s', which would name another route", async (flag) => {
    const client = createApiClient({ url: server.url, token: server.token });
    expect(await caught(client.getFlag({ params: { environment: "default", flag } }))).toMatchObject({
      code: "invalid_request",
      details: { field: "flag" },
    });
    expect(server.requests).toHaveLength(0);
  });

  test("keeps a path in front of the routes", async () => {
    const seen: string[] = [];
    const fetchStub: typeof fetch = (input) => {
      seen.push(input instanceof Request ? input.url : String(input));
      return Promise.resolve(Response.json([]));
    };
    await createApiClient({ url: "https://example.test/dimmer/", fetch: fetchStub }).listEnvironments();
    expect(seen).toEqual(["https://example.test/dimmer/api/v1/environments"]);
  });
});

describe("a call that fails", () => {
  test("carries the server's code, message and details", async () => {
    server.answer("getFlag", (_, response) => {
      response
        .writeHead(404)
        .end(JSON.stringify(new DimmerError("flag_not_found", "There is no flag 'x'.", { key: "x" }).toBody()));
    });
    const client = createApiClient({ url: server.url, token: server.token });
    expect(await caught(client.getFlag({ params: { environment: "default", flag: "x" } }))).toMatchObject({
      code: "flag_not_found",
      message: "There is no flag 'x'.",
      details: { key: "x" },
    });
  });

  test.each([
    [401, "unauthenticated"],
    [403, "forbidden"],
    [404, "not_found"],
    [413, "body_too_large"],
    [418, "invalid_request"],
    [429, "rate_limited"],
    [502, "server_unreachable"],
  ])("with status %i and a page of somebody else is %s", async (status, code) => {
    server.answer("getStatus", (_, response) => void response.writeHead(status).end("<html>"));
    const client = createApiClient({ url: server.url, token: server.token });
    expect(await caught(client.getStatus({ params }))).toMatchObject({ code, details: { status } });
  });

  test("with a code of a newer server keeps its message", async () => {
    server.answer(
      "getStatus",
      (_, response) => void response.writeHead(403).end('{"error":{"code":"quota_of_2031","message":"No more."}}'),
    );
    const client = createApiClient({ url: server.url, token: server.token });
    expect(await caught(client.getStatus({ params }))).toMatchObject({ code: "forbidden", message: "No more." });
  });

  test("because nobody listens says so, and why", async () => {
    const client = createApiClient({ url: server.url, token: server.token });
    await server.stop();
    const error = await caught(client.getStatus({ params }));
    expect(error).toMatchObject({
      code: "server_unreachable",
      message: `The control plane at ${server.url} did not answer: ECONNREFUSED.`,
    });
  });

  test("because the answer does not come in time says after how long", async () => {
    const clock = createManualClock();
    server.answer("getStatus", () => clock.advance(1500));
    const client = createApiClient({ url: server.url, token: server.token, timeoutMs: 1500, clock });
    const error = await caught(client.getStatus({ params }));
    expect(error).toMatchObject({ code: "server_unreachable" });
    expect(error.message).toContain("no answer within 1500 ms");
    expect(clock.waiting).toBe(0);
  });

  test("because the answer is not JSON", async () => {
    server.answer("getStatus", (_, response) => void response.end("{"));
    const client = createApiClient({ url: server.url, token: server.token });
    expect((await caught(client.getStatus({ params }))).message).toContain("what came is not JSON");
  });

  test("because the server redirects", async () => {
    server.answer("getStatus", (_, response) => void response.writeHead(302, { location: "/elsewhere" }).end());
    const client = createApiClient({ url: server.url, token: server.token });
    expect(await caught(client.getStatus({ params }))).toMatchObject({ code: "server_unreachable" });
    expect(server.requests).toHaveLength(1);
  });

  test("because the caller gave up rejects with the caller's reason", async () => {
    const controller = new AbortController();
    const reason = new Error("enough");
    server.answer("getStatus", () => controller.abort(reason));
    const client = createApiClient({ url: server.url, token: server.token });
    await expect(client.getStatus({ params, signal: controller.signal })).rejects.toBe(reason);
  });
});

describe("options that cannot be used", () => {
  test.each([
    ["", "is not an http or https address"],
    ["localhost:7700", "is not an http or https address"],
    ["ftp://example.test", "is not an http or https address"],
    ["http://me:s3cret-token@example.test", "holds a user name or password"],
  ])("the address '%s'", (url, message) => {
    expect(() => createApiClient({ url })).toThrow(message);
    expect(() => createApiClient({ url })).not.toThrow(secret);
  });

  test.each(["", `${secret}\n`, `Bearer ${secret}`, `${secret}\u00e9`])(
    "a token that no header can carry is refused and not repeated (%#)",
    (token) => {
      expect(() => createApiClient({ url: server.url, token })).toThrow("The token is empty or holds characters");
      expect(() => createApiClient({ url: server.url, token })).not.toThrow(secret);
    },
  );
});
