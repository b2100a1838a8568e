import { OFREPProvider } from "@openfeature/ofrep-provider";
import type { FlagDefinitions } from "@dimmer/spec";
import { expect, test } from "vitest";
import { openFeatureClient, type TestClient } from "../../test/open-feature.ts";
import { putFlags } from "../../test/put-flags.ts";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";

const onOff = { state: "ENABLED" as const, variants: { on: true, off: false }, safeVariant: "off" };
const definitions: FlagDefinitions["flags"] = {
  static: { ...onOff, defaultVariant: "on" },
  text: { state: "ENABLED", variants: { hi: "hello" }, defaultVariant: "hi", metadata: { team: "ai" } },
  number: { state: "ENABLED", variants: { pi: 3.14 }, defaultVariant: "pi" },
  object: { state: "ENABLED", variants: { mini: { model: "mini" } }, defaultVariant: "mini" },
  half: { ...onOff, defaultVariant: "off", strategy: { type: "percentage", percentage: 50 } },
  broken: { ...onOff, defaultVariant: "on", targeting: { if: [true, "gone"] } },
};

async function start(options: Parameters<typeof startPlane>[0] = {}): Promise<TestPlane> {
  const plane = await startPlane(options);
  await putFlags(plane, definitions);
  return plane;
}

async function connect(plane: TestPlane, token = plane.adminToken): Promise<TestClient> {
  const headers: [string, string][] = [["authorization", `Bearer ${token}`]];
  return await openFeatureClient(plane.url, new OFREPProvider({ baseUrl: plane.url, headers }));
}

test("values, variants, reasons and metadata", async () => {
  const client = await connect(await start());
  expect(await client.getBooleanDetails("static", false)).toMatchObject({
    value: true,
    variant: "on",
    reason: "STATIC",
  });
  expect(await client.getStringDetails("text", "")).toMatchObject({ value: "hello", flagMetadata: { team: "ai" } });
  expect(await client.getNumberValue("number", 0)).toBe(3.14);
  expect(await client.getObjectValue("object", {})).toEqual({ model: "mini" });
  expect(await client.getBooleanDetails("half", true)).toMatchObject({ value: false, reason: "DEFAULT" });
  expect(await client.getBooleanDetails("half", false, { targetingKey: "u" })).toMatchObject({ reason: "SPLIT" });
});

test.each([
  ["gone", "FLAG_NOT_FOUND"],
  ["text", "TYPE_MISMATCH"],
  ["broken", "GENERAL"],
])("the flag '%s' answers the default with %s", async (key, errorCode) => {
  const client = await connect(await start());
  expect(await client.getBooleanDetails(key, true)).toMatchObject({ value: true, reason: "ERROR", errorCode });
});

test("a change and a kill are there with the next answer", async () => {
  const plane = await start();
  const client = await connect(plane);
  await putFlags(plane, { text: { state: "ENABLED", variants: { bye: "goodbye" }, defaultVariant: "bye" } });
  expect(await client.getStringValue("text", "")).toBe("goodbye");
  await plane.call("addKill", { body: { scope: "flag", target: "static", reason: "" } });
  expect(await client.getBooleanDetails("static", true)).toMatchObject({ value: false, reason: "KILLED" });
});

test("after a restart of the server it answers as before", async () => {
  const plane = await start();
  const client = await connect(plane);
  await plane.close();
  expect(await client.getBooleanDetails("static", false)).toMatchObject({ value: false, reason: "ERROR" });
  await startPlane({ directory: plane.directory, listenOn: Number(new URL(plane.url).port) });
  expect(await client.getBooleanDetails("static", false)).toMatchObject({ value: true, reason: "STATIC" });
});

test("a token that is not known, and one that asks too often, are answered with the default", async () => {
  const plane = await start({ ofrep: { requestsPerSecond: 1 } });
  const stranger = await connect(plane, "nonsense");
  expect(await stranger.getBooleanDetails("static", false)).toMatchObject({ value: false, reason: "ERROR" });
  const client = await connect(plane);
  expect(await client.getBooleanValue("static", false)).toBe(true);
  const refused = await client.getBooleanDetails("static", false);
  expect(refused).toMatchObject({ value: false, errorCode: "GENERAL" });
  expect(refused.errorMessage).toContain("rate limit exceeded");
  expect((await client.getBooleanDetails("static", false)).errorMessage).toContain("paused");
});
