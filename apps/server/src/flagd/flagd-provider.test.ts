import { FlagdProvider } from "@openfeature/flagd-provider";
import { ProviderEvents } from "@openfeature/server-sdk";
import type { FlagDefinitions } from "@dimmer/spec";
import { describe, expect, test } from "vitest";
import { openFeatureClient, type TestClient } from "../../test/open-feature.ts";
import { putFlags } from "../../test/put-flags.ts";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";

const onOff = { state: "ENABLED" as const, variants: { on: true, off: false }, safeVariant: "off" };
const definitions: FlagDefinitions["flags"] = {
  static: { ...onOff, defaultVariant: "on" },
  text: { state: "ENABLED", variants: { hi: "hello", bye: "" }, defaultVariant: "hi", metadata: { team: "ai" } },
  number: { state: "ENABLED", variants: { pi: 3.14 }, defaultVariant: "pi" },
  object: { state: "ENABLED", variants: { mini: { model: "mini", limits: { tokens: 10 } } }, defaultVariant: "mini" },
  targeted: {
    ...onOff,
    defaultVariant: "off",
    targeting: { if: [{ "==": [{ var: "plan" }, "pro"] }, "on", null] },
  },
  "code-default": { ...onOff, defaultVariant: null },
  disabled: { state: "DISABLED", variants: { on: true, off: false }, defaultVariant: "on" },
  half: { ...onOff, defaultVariant: "off", strategy: { type: "percentage", percentage: 50 } },
  child: { ...onOff, defaultVariant: "on", prerequisites: ["targeted"] },
  broken: { ...onOff, defaultVariant: "on", targeting: { if: [true, "gone"] } },
};

type Mode = "rpc" | "in-process";

async function connect(mode: Mode, plane: TestPlane, selector = ""): Promise<TestClient> {
  const { syncPort, evaluationPort } = plane.flagdPorts;
  const port = mode === "rpc" ? evaluationPort : syncPort;
  if (port === undefined) throw new Error("flagd is not served.");
  const retry = { retryBackoffMs: 20, retryBackoffMaxMs: 50, deadlineMs: 5000 };
  const provider = new FlagdProvider({ host: "127.0.0.1", port, resolverType: mode, selector, ...retry });
  return await openFeatureClient(`flagd-${mode}-${port}`, provider);
}

async function start(options: Parameters<typeof startPlane>[0] = {}): Promise<TestPlane> {
  const plane = await startPlane({ flagd: { syncPort: 0, evaluationPort: 0 }, ...options });
  await putFlags(plane, definitions);
  return plane;
}

describe.each<Mode>(["rpc", "in-process"])("@openfeature/flagd-provider, %s", (mode) => {
  test("values, variants, reasons and metadata", async () => {
    const client = await connect(mode, await start());
    expect(await client.getBooleanDetails("static", false)).toMatchObject({
      value: true,
      variant: "on",
      reason: "STATIC",
    });
    expect(await client.getStringDetails("text", "")).toMatchObject({ value: "hello", flagMetadata: { team: "ai" } });
    expect(await client.getNumberValue("number", 0)).toBe(3.14);
    expect(await client.getObjectValue("object", {})).toEqual({ model: "mini", limits: { tokens: 10 } });
    expect(await client.getBooleanDetails("targeted", false, { plan: "pro" })).toMatchObject({
      value: true,
      reason: "TARGETING_MATCH",
    });
    expect(await client.getBooleanDetails("targeted", true)).toMatchObject({ value: false, reason: "DEFAULT" });
  });

  test("the caller's own default where the set has none", async () => {
    const client = await connect(mode, await start());
    expect(await client.getBooleanDetails("code-default", true)).toMatchObject({ value: true, reason: "DEFAULT" });
    expect(await client.getBooleanDetails("disabled", true)).toMatchObject({ value: true, reason: "DISABLED" });
  });

  test("strategies and prerequisites", async () => {
    const plane = await start();
    const client = await connect(mode, plane);
    expect(await client.getBooleanValue("child", true)).toBe(false);
    expect(await client.getBooleanValue("child", false, { plan: "pro" })).toBe(true);
    const users = Array.from({ length: 40 }, (_, index) => `user-${index}`);
    const values = await Promise.all(
      users.map(async (targetingKey) => await client.getBooleanValue("half", false, { targetingKey })),
    );
    expect(new Set(values)).toEqual(new Set([true, false]));
  });

  test.each([
    ["gone", "FLAG_NOT_FOUND"],
    ["text", "TYPE_MISMATCH"],
    ["broken", "GENERAL"],
  ])("the flag '%s' answers the default with %s", async (key, errorCode) => {
    const client = await connect(mode, await start());
    expect(await client.getBooleanDetails(key, true)).toMatchObject({ value: true, reason: "ERROR", errorCode });
  });

  test("a change of a flag is an event that names it, and the flags that need it", async () => {
    const plane = await start();
    const client = await connect(mode, plane);
    expect(await client.getBooleanValue("targeted", true)).toBe(false);
    await putFlags(plane, { targeted: { ...onOff, defaultVariant: "on" } });
    const { flagsChanged } = await client.nextEvent(ProviderEvents.ConfigurationChanged);
    expect(flagsChanged?.toSorted()).toEqual(["child", "targeted"]);
    expect(await client.getBooleanValue("child", false)).toBe(true);
  });

  test("a kill reaches a client that keeps what it knows, and so does the revive", async () => {
    const plane = await start();
    const client = await connect(mode, plane);
    expect(await client.getBooleanValue("static", false)).toBe(true);
    await plane.call("addKill", { body: { scope: "flag", target: "static", reason: "" } });
    expect((await client.nextEvent(ProviderEvents.ConfigurationChanged)).flagsChanged).toEqual(["static"]);
    expect(await client.getBooleanDetails("static", true)).toMatchObject({ value: false, variant: "off" });
    await plane.call("reviveKills", { body: { scope: "flag", target: "static", reason: "" } });
    await client.nextEvent(ProviderEvents.ConfigurationChanged);
    expect(await client.getBooleanValue("static", false)).toBe(true);
  });

  test("a selector chooses the environment, and its kills are heard of", async () => {
    const plane = await start();
    await plane.call("createEnvironment", { body: { name: "staging" } });
    await putFlags(plane, { "only-there": { ...onOff, defaultVariant: "on" } }, "staging");
    const client = await connect(mode, plane, "source=staging");
    expect(await client.getBooleanValue("only-there", false)).toBe(true);
    expect(await client.getBooleanDetails("static", false)).toMatchObject({ errorCode: "FLAG_NOT_FOUND" });
    await plane.call("addKill", {
      params: { environment: "staging" },
      body: { scope: "flag", target: "only-there", reason: "" },
    });
    await client.nextEvent(ProviderEvents.ConfigurationChanged);
    expect(await client.getBooleanValue("only-there", true)).toBe(false);
  });

  test("after a restart of the server the client is back by itself, and hears of what changed", async () => {
    const plane = await start();
    const client = await connect(mode, plane);
    await plane.close();
    await client.nextEvent(ProviderEvents.Stale);
    const { directory, flagdPorts } = plane;
    const restarted = await startPlane({ directory, flagd: flagdPorts });
    await client.nextEvent(ProviderEvents.Ready);
    await putFlags(restarted, { static: { ...onOff, defaultVariant: "off" } });
    await client.nextEvent(ProviderEvents.ConfigurationChanged);
    expect(await client.getBooleanValue("static", true)).toBe(false);
  });
});
