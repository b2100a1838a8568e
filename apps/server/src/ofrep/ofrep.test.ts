import type { FlagDefinitions } from "@dimmer/spec";
import { expect, test } from "vitest";
import { createFakeClock } from "../clock.fake.ts";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";
import { putFlags } from "../../test/put-flags.ts";

const definitions: FlagDefinitions["flags"] = {
  static: { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "on", safeVariant: "off" },
  targeted: {
    state: "ENABLED",
    variants: { mini: { model: "mini" }, large: { model: "large" } },
    defaultVariant: "mini",
    targeting: { if: [{ "==": [{ var: "plan" }, "pro"] }, "large", null] },
    metadata: { team: "ai" },
  },
  "code-default": { state: "ENABLED", variants: { ten: 10 }, defaultVariant: null },
  disabled: { state: "DISABLED", variants: { on: true }, defaultVariant: "on" },
  broken: { state: "ENABLED", variants: { on: true }, defaultVariant: "on", targeting: { if: [true, "gone"] } },
};

interface Asked {
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AnswerBody;
}

/** What a test reads of an answer. */
interface AnswerBody {
  readonly key?: string;
  readonly errorDetails?: string;
  readonly flags: readonly { readonly key: string }[];
  readonly metadata?: object;
  readonly eventStreams?: readonly object[];
}

async function ask(plane: TestPlane, path: string, { body, text, headers, query = "" }: Asked = {}): Promise<Answer> {
  const response = await fetch(`${plane.url}/ofrep/v1/evaluate/flags${path}${query}`, {
    method: "POST",
    headers: { authorization: `Bearer ${plane.adminToken}`, "content-type": "application/json", ...headers },
    body: text ?? JSON.stringify(body ?? { context: {} }),
  });
  const answer = await response.text();
  return { status: response.status, headers: response.headers, body: JSON.parse(answer) as AnswerBody };
}

async function start(options: Parameters<typeof startPlane>[0] = {}): Promise<TestPlane> {
  const plane = await startPlane(options);
  await putFlags(plane, definitions);
  return plane;
}

test("a flag is answered with value, variant, reason and metadata", async () => {
  const plane = await start();
  expect(await ask(plane, "/targeted", { body: { context: { targetingKey: "u", plan: "pro" } } })).toMatchObject({
    status: 200,
    body: {
      key: "targeted",
      value: { model: "large" },
      variant: "large",
      reason: "TARGETING_MATCH",
      metadata: { team: "ai" },
    },
  });
});

test("the answer is sent like all others: the same headers, and it counts as a request", async () => {
  const plane = await start();
  const single = await ask(plane, "/static");
  const refused = await ask(plane, "/static", { text: "{" });
  const names = ({ headers }: Answer): string[] => [...headers.keys()];
  expect([names(single), single.headers.get("content-type")]).toEqual([
    names(refused),
    "application/json; charset=utf-8",
  ]);
  const answered = async (): Promise<number> => {
    const metrics = await (await fetch(`${plane.url}/metrics`)).text();
    return Number(/requests_total\{status="2xx"\} (\d+)/.exec(metrics)?.[1]);
  };
  const before = await answered();
  await ask(plane, "/static");
  // Itself and the question.
  expect((await answered()) - before).toBe(2);
});

test("where the caller's own default holds there is no value", async () => {
  const plane = await start();
  const { body } = await ask(plane, "/code-default");
  expect(body).toEqual({ key: "code-default", reason: "DEFAULT", metadata: {} });
  expect((await ask(plane, "/disabled")).body).toEqual({ key: "disabled", reason: "DISABLED", metadata: {} });
});

test("a request without a body asks without a context", async () => {
  const plane = await start();
  const response = await fetch(`${plane.url}/ofrep/v1/evaluate/flags/static`, {
    method: "POST",
    headers: { authorization: `Bearer ${plane.adminToken}` },
  });
  expect(await response.json()).toMatchObject({ value: true, reason: "STATIC" });
});

test.each([
  ["a flag that is not there", { key: "gone" }, 404, "FLAG_NOT_FOUND"],
  ["targeting that fails", { key: "broken" }, 400, "GENERAL"],
  ["a body that is no JSON", { key: "static", text: "{" }, 400, "INVALID_CONTEXT"],
  ["a body that is no object", { key: "static", text: "[]" }, 400, "INVALID_CONTEXT"],
  ["a context that is no object", { key: "static", text: '{"context": 1}' }, 400, "INVALID_CONTEXT"],
  [
    "a targeting key that is none",
    { key: "static", text: '{"context": {"targetingKey": {}}}' },
    400,
    "INVALID_CONTEXT",
  ],
])("%s is an error of the protocol", async (_what, { key, ...asked }, status, errorCode) => {
  const plane = await start();
  const answer = await ask(plane, `/${key}`, asked);
  expect(answer).toMatchObject({ status, body: { key, errorCode } });
  expect(answer.body.errorDetails).toEqual(expect.any(String));
});

test("a bulk request that is not valid has no key to name", async () => {
  const plane = await start();
  const answer = await ask(plane, "", { text: "nonsense" });
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ errorCode: "INVALID_CONTEXT" });
  expect(answer.body).not.toHaveProperty("key");
});

test("a body over the limit is refused in the words of the protocol", async () => {
  const plane = await start({ bodyLimitBytes: 2000 });
  const answer = await ask(plane, "/static", { body: { context: { text: "x".repeat(2000) } } });
  expect(answer).toMatchObject({ status: 413, body: { errorCode: "INVALID_CONTEXT" } });
});

test("names that belong to every object are attributes like others", async () => {
  const plane = await start();
  const text = '{"context": {"__proto__": {"plan": "pro"}, "constructor": {"prototype": {}}}}';
  expect((await ask(plane, "/targeted", { text })).body).toMatchObject({ variant: "mini", reason: "DEFAULT" });
});

test("all flags are answered at once, errors among them", async () => {
  const plane = await start();
  const { status, body } = await ask(plane, "", { body: { context: { plan: "pro" } } });
  expect(status).toBe(200);
  const byKey = new Map<string, object>(body.flags.map((flag) => [flag.key, flag]));
  expect(byKey.get("static")).toMatchObject({ value: true });
  expect(byKey.get("targeted")).toMatchObject({ variant: "large" });
  expect(byKey.get("broken")).toMatchObject({ errorCode: "GENERAL" });
  expect(byKey.size).toBe((await plane.call("listFlags", {})).length);
  expect(body.metadata).toMatchObject({ flagSetId: expect.any(String), version: expect.any(String) });
  expect(body.eventStreams).toEqual([
    { type: "sse", endpoint: { requestUri: expect.stringMatching(/^\/ofrep\/v1\/events\//) }, inactivityDelaySec: 120 },
  ]);
});

test("the token may come as an API key, and must be known and carry the scope read", async () => {
  const plane = await start();
  const asKey = await ask(plane, "/static", { headers: { authorization: "", "x-api-key": plane.adminToken } });
  expect(asKey.status).toBe(401);
  const response = await fetch(`${plane.url}/ofrep/v1/evaluate/flags/static`, {
    method: "POST",
    headers: { "x-api-key": plane.adminToken },
  });
  expect(response.status).toBe(200);
  const unknown = await ask(plane, "/static", { headers: { authorization: "Bearer nonsense" } });
  expect([unknown.status, unknown.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  const { secret } = await plane.call("createToken", {
    body: { name: "killer", scopes: ["kill"], environment: null },
  });
  expect((await ask(plane, "/static", { headers: { authorization: `Bearer ${secret}` } })).status).toBe(403);
});

test("the environment may be chosen by flagd's selector, by name or by the id of its set", async () => {
  const plane = await start();
  await plane.call("createEnvironment", { body: { name: "staging" } });
  await putFlags(
    plane,
    { "only-there": { state: "ENABLED", variants: { on: true }, defaultVariant: "on" } },
    "staging",
  );
  const { setId } = await plane.call("getFlagSet", { params: { environment: "staging" } });
  const statusBy = async (selector: string): Promise<number> =>
    (await ask(plane, "/only-there", { headers: { "flagd-selector": selector } })).status;
  expect(await statusBy("flagSetId=staging")).toBe(200);
  expect(await statusBy(`flagSetId=${setId}`)).toBe(200);
  expect(await statusBy("")).toBe(404);
  expect(await statusBy("flagSetId=nowhere")).toBe(400);
  expect(await statusBy("app=weather")).toBe(400);
});

test("the environment is the token's, else the request's, else 'default'", async () => {
  const plane = await start();
  await plane.call("createEnvironment", { body: { name: "staging" } });
  expect((await ask(plane, "/static", { headers: { "x-dimmer-environment": "staging" } })).status).toBe(404);
  expect((await ask(plane, "/static", { query: "?environment=staging" })).status).toBe(404);
  const { secret } = await plane.call("createToken", {
    body: { name: "app", scopes: ["read"], environment: "staging" },
  });
  const authorization = `Bearer ${secret}`;
  expect((await ask(plane, "/static", { headers: { authorization } })).status).toBe(404);
  const other = await ask(plane, "/static", { headers: { authorization, "x-dimmer-environment": "default" } });
  expect(other).toMatchObject({ status: 403, body: { errorCode: "GENERAL" } });
  const gone = await ask(plane, "/static", { headers: { "x-dimmer-environment": "nowhere" } });
  expect(gone).toMatchObject({ status: 400, body: { key: "static", errorCode: "GENERAL" } });
});

test("a killed flag serves its safe variant, and says why", async () => {
  const plane = await start();
  await plane.call("addKill", { body: { scope: "flag", target: "static", reason: "" } });
  expect((await ask(plane, "/static")).body).toMatchObject({ value: false, variant: "off", reason: "KILLED" });
});

test("a token that asks too often is told when to come back; another is not held up", async () => {
  const clock = createFakeClock();
  const plane = await start({ clock, ofrep: { requestsPerSecond: 2 } });
  const { secret } = await plane.call("createToken", {
    body: { name: "app", scopes: ["read"], environment: null },
  });
  const headers = { authorization: `Bearer ${secret}` };
  expect((await ask(plane, "/static", { headers })).status).toBe(200);
  expect((await ask(plane, "", { headers })).status).toBe(200);
  const refused = await ask(plane, "/static", { headers });
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  expect((await ask(plane, "/static")).status).toBe(200);
  clock.advance(1000);
  expect((await ask(plane, "/static", { headers })).status).toBe(200);
});

test("pages of a named origin may ask, others may not", async () => {
  const plane = await start({ ofrep: { allowedOrigins: ["https://shop.example"] } });
  const preflight = await fetch(`${plane.url}/ofrep/v1/evaluate/flags`, {
    method: "OPTIONS",
    headers: { origin: "https://shop.example", "access-control-request-method": "POST" },
  });
  expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([
    204,
    "https://shop.example",
  ]);
  const answer = await ask(plane, "", { headers: { origin: "https://shop.example" } });
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, "https://shop.example"]);
  expect((await ask(plane, "", { headers: { origin: "https://evil.example" } })).status).toBe(403);
});

test("the keys of a flag may hold what a path may not", async () => {
  const plane = await start();
  await putFlags(plane, { "a/b ü%": { state: "ENABLED", variants: { on: true }, defaultVariant: "on" } });
  expect((await ask(plane, `/${encodeURIComponent("a/b ü%")}`)).body).toMatchObject({ key: "a/b ü%", value: true });
});
