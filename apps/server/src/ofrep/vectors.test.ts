import { describe, expect, onTestFinished, test } from "vitest";
import { readVectorSuites, serveDefinitions } from "../../test/vectors.ts";
import { createHttpServer } from "../http/http-server.ts";
import { silentLog } from "../log.ts";
import { registerOfrep } from "./ofrep-routes.ts";

const token = {
  id: "t",
  name: "t",
  scopes: ["read" as const],
  environment: null,
  createdAt: "2026-01-01T00:00:00.000Z",
};

describe.each(readVectorSuites())("$name, $bucketing", ({ bucketing, definitions, cases }) => {
  test.each(cases)("$flag $context → $variant $reason", async (given) => {
    const { flag, context, seconds, reason, errorCode, value, variant, metadata } = given;
    const { served, clock } = serveDefinitions({ ...definitions, bucketing }, seconds);
    const app = createHttpServer({ log: silentLog, isLocalOnly: false });
    const ofrep = registerOfrep(app, {
      served,
      clock,
      tokens: { authenticate: () => token, isValid: () => true, sign: () => "signature" },
      requireEnvironment: () => undefined,
      environments: () => ["default"],
      bodyLimitBytes: 100_000,
      log: silentLog,
    });
    onTestFinished(async () => {
      ofrep.close();
      await app.close();
    });
    const one = await app.inject({
      method: "POST",
      url: `/ofrep/v1/evaluate/flags/${encodeURIComponent(flag)}`,
      payload: { context },
    });
    const expected = errorCode === undefined ? { key: flag, value, variant, reason } : { key: flag, errorCode };
    expect(one.json()).toMatchObject(JSON.parse(JSON.stringify(expected)) as object);
    expect("value" in one.json()).toBe(value !== undefined);
    if (metadata !== undefined) expect(one.json()).toMatchObject({ metadata });
    if (errorCode === "FLAG_NOT_FOUND") return;
    const all = await app.inject({ method: "POST", url: "/ofrep/v1/evaluate/flags", payload: { context } });
    expect(all.json().flags).toContainEqual(one.json());
  });
});
