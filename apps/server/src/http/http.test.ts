import { request } from "node:http";
import { contract } from "@dimmer/spec";
import { isErrorCode } from "@dimmer/spec/errors";
import { routes } from "@dimmer/spec/routes";
import { describe, expect, it } from "vitest";
import { startPlane, temporaryDirectory, type TestPlane } from "../../test/start-plane.ts";

/** fetch does not let a test choose the Host header. */
async function get(url: string, headers: Record<string, string>): Promise<number> {
  return await new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on("error", reject)
      .end();
  });
}

async function post(
  plane: TestPlane,
  path: string,
  body: string,
  contentType = "application/json",
): Promise<{ status: number; code: unknown }> {
  const response = await fetch(plane.url + path, {
    method: "POST",
    headers: { authorization: `Bearer ${plane.adminToken}`, "content-type": contentType },
    body,
  });
  const answer = (await response.json()) as { error: { code: unknown } };
  return { status: response.status, code: answer.error.code };
}

const changeSets = "/api/v1/environments/default/change-sets";

describe("bad requests", () => {
  it.each([
    ["no JSON", "{", "application/json", 400, "invalid_request"],
    ["an empty body", "", "application/json", 400, "invalid_request"],
    ["another content type", "edits", "text/plain", 400, "invalid_request"],
    [
      "an unknown field",
      JSON.stringify({ edits: [{ type: "remove", flag: "x" }], surprise: 1 }),
      "application/json",
      400,
      "invalid_request",
    ],
    ["no edits", JSON.stringify({ edits: [] }), "application/json", 400, "invalid_request"],
    ["a poisoned prototype", '{"__proto__": {"a": 1}, "edits": []}', "application/json", 400, "invalid_request"],
    [
      "more than 4 MiB",
      JSON.stringify({ edits: [], reason: "x".repeat(4 * 1024 * 1024) }),
      "application/json",
      413,
      "body_too_large",
    ],
  ])("%s: refused", async (_name, body, contentType, ...refusal) => {
    const plane = await startPlane();
    const { status, code } = await post(plane, changeSets, body, contentType);
    expect([status, code]).toEqual(refusal);
  });

  it("names the field, the value and what would be right", async () => {
    const plane = await startPlane();
    const refused = await plane.refuse("startRollout", {
      body: { flag: "phase_4_deployment", plan: { name: "mine", steps: [{ weightPercent: "ten", bakeMs: 0 }] } },
    });
    expect(refused.message).toContain(
      'body/plan/steps/0/weightPercent: Invalid input: expected number, received string (it is "ten")',
    );
    expect(refused.details).toMatchObject({ part: "body", faults: [{ pointer: "/plan/steps/0/weightPercent" }] });
  });

  it("names all that a value might be, where it might be of several types", async () => {
    const plane = await startPlane();
    const definition = { state: "ENABLED", variants: { some: [1] } };
    const refused = await plane.refuse("applyChangeSet", {
      params: { environment: "default" },
      body: { edits: [{ type: "put", flag: "list", definition }] },
    });
    expect(refused.message).toContain(
      "body/edits/0/definition/variants/some: Invalid input: expected boolean or string or number or record.",
    );
  });

  it.each([
    [`/api/v1/environments/default/flags/${"k".repeat(513)}`, "longer than 512 characters"],
    ["/api/v1/environments/default/flags/%zz", "two hex digits"],
    ["/api/v1/environments/default/flags/%ff", "two hex digits"],
  ])("refuses the address %s in the one shape of errors, with the headers of every answer", async (path, message) => {
    const plane = await startPlane();
    const response = await fetch(plane.url + path, { headers: { authorization: `Bearer ${plane.adminToken}` } });
    expect(response.status).toBe(400);
    expect(response.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await response.json()).toMatchObject({
      error: { code: "invalid_request", message: expect.stringContaining(message) as string },
    });
  });

  it("answers not_found for what does not exist, and environment_not_found for a strange environment", async () => {
    const plane = await startPlane();
    const response = await fetch(`${plane.url}/api/v2/whatever?token=secret`);
    expect(response.status).toBe(404);
    const text = await response.text();
    expect(text).toContain("not_found");
    expect(text).not.toContain("secret");
    expect(await plane.refuse("getStatus", { params: { environment: "mars" } })).toMatchObject({
      status: 404,
      code: "environment_not_found",
    });
  });

  it.each([{ limit: "0" }, { limit: "ten" }, { limit: "1001" }, { page: "2" }])(
    "refuses the query %j",
    async (query) => {
      const plane = await startPlane();
      expect(await plane.refuse("listAudit", { query })).toMatchObject({ status: 400, code: "invalid_request" });
    },
  );

  it("refuses a second environment of one name, and names that are none", async () => {
    const plane = await startPlane();
    expect(await plane.refuse("createEnvironment", { body: { name: "default" } })).toMatchObject({
      status: 409,
      code: "environment_exists",
    });
    expect(await plane.refuse("createEnvironment", { body: { name: "../etc" } })).toMatchObject({
      status: 400,
      code: "invalid_request",
    });
  });
});

describe("environments", () => {
  it("are apart from each other", async () => {
    const plane = await startPlane();
    const params = { environment: "staging" };
    await plane.call("createEnvironment", { body: { name: "staging" } });
    const result = await plane.call("applyChangeSet", {
      params,
      body: { edits: [{ type: "serve", flag: "ai.streaming.enabled", value: true }] },
    });
    expect(result.undo).toBe("dimmer flags set ai.streaming.enabled false --environment staging");
    await plane.call("addKill", { params, body: { scope: "all" } });
    expect(await plane.call("getFlag", { params: { flag: "ai.streaming.enabled" } })).toMatchObject({ value: false });
    expect((await plane.call("getKills", {})).active).toEqual([]);
    const [defaultSet, stagingSet] = await Promise.all([
      plane.call("getFlagSet", {}),
      plane.call("getFlagSet", { params }),
    ]);
    expect(defaultSet.setId).not.toBe(stagingSet.setId);
    expect((await plane.call("listEnvironments", {})).map((environment) => environment.name)).toEqual([
      "default",
      "staging",
    ]);
  });

  it("are all there after a restart", async () => {
    const directory = temporaryDirectory();
    const first = await startPlane({ directory });
    await first.call("createEnvironment", { body: { name: "staging" } });
    await first.call("enterStage", { params: { environment: "staging" }, body: { stage: "shadow" } });
    const before = await first.call("getFlagSet", { params: { environment: "staging" } });
    await first.close();
    const second = await startPlane({ directory });
    expect(await second.call("getFlagSet", { params: { environment: "staging" } })).toEqual(before);
    expect((await second.call("getStage", { params: { environment: "staging" } })).current).toBe("shadow");
  });
});

describe("a server on loopback", () => {
  it.each([
    [{ host: "evil.example" }, 403],
    [{ host: "127.0.0.1.evil.example:7700" }, 403],
    [{ host: "localhost:7700" }, 200],
    [{ host: "[::1]:7700" }, 200],
    [{ origin: "https://evil.example" }, 403],
    [{ origin: "null" }, 403],
    [{ origin: "http://localhost:5173" }, 200],
  ])("answers %j with %i", async (headers, status) => {
    const plane = await startPlane();
    expect(await get(`${plane.url}/healthz`, headers)).toBe(status);
  });

  it("sends headers that keep pages of others out", async () => {
    const plane = await startPlane();
    const { headers } = await fetch(`${plane.url}/healthz`);
    expect(headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });
});

describe("health", () => {
  it("says that it is alive and ready", async () => {
    const plane = await startPlane();
    expect(await (await fetch(`${plane.url}/healthz`)).json()).toEqual({ ok: true });
    expect(await (await fetch(`${plane.url}/readyz`)).json()).toEqual({ ready: true, isStorageWritable: true });
  });
});

describe("/openapi.json", () => {
  interface Document {
    readonly openapi: string;
    readonly paths: Record<
      string,
      Record<
        string,
        {
          operationId: string;
          parameters: { name: string; in: string }[];
          requestBody?: unknown;
          responses: Record<string, unknown>;
        }
      >
    >;
    readonly components: { readonly schemas: Record<string, unknown> };
  }
  const read = async (): Promise<Document> =>
    (await (await fetch(`${(await startPlane()).url}/openapi.json`)).json()) as Document;

  it("describes every route, with its parameters and its body", async () => {
    const { openapi, paths } = await read();
    expect(openapi).toBe("3.1.0");
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
    );
    expect(operations.map((operation) => operation.operationId).sort()).toEqual(Object.keys(routes).sort());
    for (const operation of operations) {
      const route = routes[operation.operationId as keyof typeof routes];
      expect(operation.method).toBe(route.method.toLowerCase());
      expect(operation.path).toBe(route.path.replaceAll(/:([a-z]+)/gi, "{$1}"));
      const inPath = operation.parameters
        .filter((parameter) => parameter.in === "path")
        .map((parameter) => `{${parameter.name}}`);
      expect(inPath).toEqual(operation.path.match(/\{[^}]+\}/g) ?? []);
      expect(operation.requestBody !== undefined).toBe(
        "body" in contract[operation.operationId as keyof typeof contract],
      );
      expect(Object.keys(operation.responses)).toEqual(["200", "default"]);
    }
  });

  it("refers only to what it defines, and lists the error codes", async () => {
    const document = await read();
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? "");
    expect(references.length).toBeGreaterThan(0);
    for (const reference of references) {
      expect(reference).toMatch(/^#\/components\/schemas\/[A-Za-z0-9._-]+$/);
      expect(document.components.schemas).toHaveProperty([reference.slice("#/components/schemas/".length)]);
    }
    const { enum: codes } = (
      document.components.schemas["Error"] as { properties: { error: { properties: { code: { enum: string[] } } } } }
    ).properties.error.properties.code;
    expect(codes.every(isErrorCode)).toBe(true);
  });
});
