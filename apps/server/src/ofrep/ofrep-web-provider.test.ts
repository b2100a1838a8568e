import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature, ProviderEvents, type Client, type Provider } from "@openfeature/web-sdk";
import { EventSource } from "undici";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { putFlags } from "../../test/put-flags.ts";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";

const onOff = { state: "ENABLED" as const, variants: { on: true, off: false }, safeVariant: "off" };

beforeEach(() => {
  // What a browser has and Node has not.
  vi.stubGlobal("EventSource", EventSource);
});

async function start(): Promise<TestPlane> {
  const plane = await startPlane();
  await putFlags(plane, {
    static: { ...onOff, defaultVariant: "on" },
    targeted: { ...onOff, defaultVariant: "off", targeting: { if: [{ "==": [{ var: "plan" }, "pro"] }, "on", null] } },
    "code-default": { ...onOff, defaultVariant: null },
    broken: { ...onOff, defaultVariant: "on", targeting: { if: [true, "gone"] } },
  });
  return plane;
}

async function connect(plane: TestPlane, context: Record<string, string> = { targetingKey: "u" }): Promise<Client> {
  const headers: [string, string][] = [["authorization", `Bearer ${plane.adminToken}`]];
  const provider = new OFREPWebProvider({ baseUrl: plane.url, headers, cacheMode: "disabled" });
  onTestFinished(async () => await OpenFeature.clearProviders());
  await OpenFeature.setContext(context);
  // Its types and the SDK's disagree on whether an optional field may be undefined.
  await OpenFeature.setProviderAndWait(provider as Provider);
  return OpenFeature.getClient();
}

/** Resolves when an event names one of its changed flags. */
async function changeOf(client: Client, flag: string): Promise<void> {
  await new Promise<void>((resolve) => {
    client.addHandler(ProviderEvents.ConfigurationChanged, (details) => {
      if (details?.flagsChanged?.includes(flag) === true) resolve();
    });
  });
}

test("values, variants, reasons and errors", async () => {
  const client = await connect(await start());
  expect(client.getBooleanDetails("static", false)).toMatchObject({ value: true, variant: "on", reason: "STATIC" });
  expect(client.getBooleanDetails("code-default", true)).toMatchObject({ value: true, reason: "DEFAULT" });
  expect(client.getBooleanDetails("broken", true)).toMatchObject({ value: true, errorCode: "GENERAL" });
  expect(client.getBooleanDetails("gone", true)).toMatchObject({ value: true, errorCode: "FLAG_NOT_FOUND" });
  expect(client.getStringDetails("static", "x")).toMatchObject({ value: "x", errorCode: "TYPE_MISMATCH" });
});

test("an attribute that changes under the same targeting key changes the answer", async () => {
  const client = await connect(await start());
  expect(client.getBooleanValue("targeted", true)).toBe(false);
  await OpenFeature.setContext({ targetingKey: "u", plan: "pro" });
  expect(client.getBooleanValue("targeted", false)).toBe(true);
});

test("a change of a flag, and a kill, reach the page by themselves", async () => {
  const plane = await start();
  const client = await connect(plane);
  const changed = changeOf(client, "targeted");
  await putFlags(plane, { targeted: { ...onOff, defaultVariant: "on" } });
  await changed;
  expect(client.getBooleanValue("targeted", false)).toBe(true);
  const killed = changeOf(client, "static");
  await plane.call("addKill", { body: { scope: "flag", target: "static", reason: "" } });
  await killed;
  expect(client.getBooleanDetails("static", true)).toMatchObject({ value: false, reason: "KILLED" });
});

test("after a restart of the server the page is back by itself, and hears of what it missed", async () => {
  const plane = await start();
  const client = await connect(plane);
  const changed = changeOf(client, "targeted");
  const stale = new Promise<void>((resolve) => client.addHandler(ProviderEvents.Stale, () => resolve()));
  await plane.close();
  await stale;
  expect(client.getBooleanValue("static", false)).toBe(true);
  const { directory, url } = plane;
  const restarted = await startPlane({ directory, listenOn: Number(new URL(url).port) });
  await putFlags(restarted, { targeted: { ...onOff, defaultVariant: "on" } });
  await changed;
  expect(client.getBooleanValue("targeted", false)).toBe(true);
});
