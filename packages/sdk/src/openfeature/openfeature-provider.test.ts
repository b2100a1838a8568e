import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createManualClock } from "@dimmer/api-client/testing";
import type { ManualClock } from "@dimmer/api-client/testing";
import { createDimmer } from "@dimmer/sdk";
import type { Dimmer, DimmerOptions } from "@dimmer/sdk";
import { createOpenFeatureProvider } from "@dimmer/sdk/openfeature";
import type { OpenFeatureProviderOptions } from "@dimmer/sdk/openfeature";
import type { ObservationBatch } from "@dimmer/spec";
import { createMemoryStore } from "@dimmer/stores/testing";
import type { MemoryStore } from "@dimmer/stores/testing";
import {
  createEvaluationEvent,
  MultiProvider,
  OpenFeature,
  ProviderEvents,
  ProviderStatus,
  TypedInMemoryProvider,
} from "@openfeature/server-sdk";
import type { Client, EvaluationContext, Hook, Provider } from "@openfeature/server-sdk";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { booleanFlag, definitionsOf, flagSetOf } from "../../test/fixtures.ts";

const definitions = definitionsOf(
  {
    help: booleanFlag("off", { targeting: { if: [{ "==": [{ var: "plan" }, "pro"] }, "on", null] } }),
    share: booleanFlag("off", { strategy: { type: "percentage", percentage: 50 } }),
    mode: { state: "ENABLED", variants: { slow: "s", fast: "f" }, defaultVariant: "slow", metadata: { team: "a" } },
    size: { state: "ENABLED", variants: { small: 0, large: 10 }, defaultVariant: "small" },
    prompt: { state: "ENABLED", variants: { short: { text: "Hi" } }, defaultVariant: "short" },
    paused: { ...booleanFlag("on"), state: "DISABLED" },
    open: { state: "ENABLED", variants: { on: true }, defaultVariant: null },
    broken: booleanFlag("on", { targeting: { if: [true, "nowhere"] } }),
    unreadable: booleanFlag("on", { targeting: { nonsense: [1] } }),
    needy: booleanFlag("on", { prerequisites: ["share"] }),
    newcomer: booleanFlag("off", { targeting: { if: [{ ">=": [{ var: "user.since" }, "2026-03-01"] }, "on", null] } }),
  },
  { metadata: { flagSetId: "shop" } },
);

let clock: ManualClock;
let store: MemoryStore;
beforeEach(() => {
  clock = createManualClock();
  store = createMemoryStore("memory", definitions);
});
afterEach(() => OpenFeature.clearProviders());

const start = (options: Partial<DimmerOptions> = {}): Dimmer => createDimmer({ stores: [store], clock, ...options });
const connect = async (dimmer: Dimmer, options?: OpenFeatureProviderOptions): Promise<Client> => {
  await OpenFeature.setProviderAndWait(createOpenFeatureProvider(dimmer, options));
  return OpenFeature.getClient();
};
/** Everything the client hears of one event. */
const listen = (client: Client, event: ProviderEvents): unknown[] => {
  const heard: unknown[] = [];
  client.addHandler(event, (details) => void heard.push(details));
  return heard;
};

describe("evaluation", () => {
  test.each([
    ["help", { plan: "pro" }, { value: true, variant: "on", reason: "TARGETING_MATCH" }],
    ["help", { plan: "free" }, { value: false, variant: "off", reason: "DEFAULT" }],
    ["share", { targetingKey: "user-1" }, { reason: "SPLIT" }],
    ["paused", {}, { value: false, reason: "DISABLED" }],
    ["open", {}, { value: false, reason: "DEFAULT" }],
    ["mode", {}, { value: false, reason: "ERROR", errorCode: "TYPE_MISMATCH" }],
    ["nowhere", {}, { value: false, reason: "ERROR", errorCode: "FLAG_NOT_FOUND" }],
    ["broken", {}, { value: false, reason: "ERROR", errorCode: "GENERAL" }],
    ["unreadable", {}, { value: false, reason: "ERROR", errorCode: "PARSE_ERROR" }],
  ])("of %s for %j as a boolean", async (key, context, expected) => {
    const client = await connect(start());
    const details = await client.getBooleanDetails(key, false, context);
    expect(details).toMatchObject(expected);
    if (!("variant" in expected) && expected.reason !== "SPLIT") expect(details.variant).toBeUndefined();
  });

  test("takes a date as every protocol carries it, as text", async () => {
    const client = await connect(start());
    const since = async (date: Date): Promise<boolean> =>
      await client.getBooleanValue("newcomer", false, { targetingKey: "user-1", user: { since: date } });
    expect(await since(new Date("2026-03-02T08:00:00Z"))).toBe(true);
    expect(await since(new Date("2026-02-27T08:00:00Z"))).toBe(false);
  });

  test("answers a context that holds itself", async () => {
    const client = await connect(start());
    const user: EvaluationContext = { since: new Date("2026-03-02T08:00:00Z") };
    user["self"] = user;
    expect(await client.getBooleanValue("newcomer", false, { targetingKey: "user-1", user })).toBe(true);
  });

  test("answers every type with its own, a falsy value too", async () => {
    const client = await connect(start());
    expect(await client.getStringDetails("mode", "x")).toMatchObject({ value: "s", variant: "slow", reason: "STATIC" });
    expect(await client.getNumberDetails("size", 7)).toMatchObject({ value: 0, variant: "small", reason: "STATIC" });
    expect(await client.getObjectDetails("prompt", {})).toMatchObject({ value: { text: "Hi" }, variant: "short" });
  });

  test("answers the caller's default of any JSON form where an object cannot be had", async () => {
    const client = await connect(start());
    const fallbacks = [[1], { a: 1 }, null, "text"];
    for (const fallback of fallbacks) expect(await client.getObjectValue("nowhere", fallback)).toBe(fallback);
    expect(await client.getObjectDetails("mode", [])).toMatchObject({ value: [], errorCode: "TYPE_MISMATCH" });
  });

  test("says what killed, overrode or held back a flag", async () => {
    const dimmer = start({ overrides: new Map([["mode", "f"]]) });
    await dimmer.kill({ scope: "flag", target: "share" });
    const client = await connect(dimmer);
    expect(await client.getBooleanDetails("share", true)).toMatchObject({ value: false, reason: "KILLED" });
    expect(await client.getBooleanDetails("needy", true)).toMatchObject({ value: false, reason: "PREREQUISITE" });
    expect(await client.getStringDetails("mode", "x")).toMatchObject({ value: "f", reason: "OVERRIDE" });
  });

  test("says where an answer came from, beside what the flag says of itself", async () => {
    store.put(flagSetOf(7, definitions.flags, { metadata: { flagSetId: "shop" } }));
    const client = await connect(start());
    expect((await client.getStringDetails("mode", "x")).flagMetadata).toEqual({
      team: "a",
      flagSetId: "shop",
      source: "memory",
      version: "7",
      ageMs: 0,
      isStale: false,
    });
  });

  test("feeds OpenFeature's telemetry", async () => {
    const client = await connect(start());
    const events: unknown[] = [];
    const telemetry: Hook = {
      finally: (context, details) => void events.push(createEvaluationEvent(context, details)),
    };
    await client.getBooleanValue("help", false, { targetingKey: "user-1", plan: "pro" }, { hooks: [telemetry] });
    expect(events).toMatchObject([
      {
        attributes: {
          "feature_flag.key": "help",
          "feature_flag.result.variant": "on",
          "feature_flag.result.reason": "targeting_match",
          "feature_flag.provider.name": "dimmer",
          "feature_flag.set.id": "shop",
        },
      },
    ]);
  });

  test("goes through hooks: what `before` adds is asked with, and errors reach `error`", async () => {
    const client = await connect(start());
    const codes: unknown[] = [];
    client.addHooks({
      before: () => ({ plan: "pro" }),
      error: (_context, error) => void codes.push(error),
    });
    expect(await client.getBooleanValue("help", false)).toBe(true);
    await client.getBooleanValue("nowhere", false);
    expect(codes).toMatchObject([{ code: "FLAG_NOT_FOUND" }]);
  });
});

describe("a multi-provider", () => {
  const other = (): Provider =>
    new TypedInMemoryProvider({
      nowhere: { variants: { on: true }, defaultVariant: "on", disabled: false },
      mode: { variants: { other: "other" }, defaultVariant: "other", disabled: false },
      broken: { variants: { on: true }, defaultVariant: "on", disabled: false },
    });
  const connectBoth = async (dimmer: Dimmer, options?: OpenFeatureProviderOptions): Promise<Client> => {
    const first = createOpenFeatureProvider(dimmer, options);
    await OpenFeature.setProviderAndWait(new MultiProvider([{ provider: first }, { provider: other() }]));
    return OpenFeature.getClient();
  };

  test("goes on where Dimmer does not know the flag, and only there", async () => {
    const client = await connectBoth(start());
    expect(await client.getBooleanValue("nowhere", false)).toBe(true);
    expect(await client.getStringValue("mode", "x")).toBe("s");
    expect(await client.getBooleanDetails("broken", false)).toMatchObject({ value: false, reason: "ERROR" });
  });

  test("passes changes and tracked events on", async () => {
    const batches: ObservationBatch[] = [];
    const dimmer = start({ observations: { send: async (batch) => void batches.push(batch) } });
    const client = await connectBoth(dimmer, { tracking: { answered: { flag: "size" } } });
    const changes = listen(client, ProviderEvents.ConfigurationChanged);
    store.put({ ...definitions, flags: { ...definitions.flags, size: booleanFlag("on") } });
    await expect.poll(() => changes).toMatchObject([{ flagsChanged: ["size"] }]);
    client.track("answered", {}, { value: 10 });
    await dimmer.close();
    expect(batches).toMatchObject([{ observations: [{ flag: "size", variant: "on", requests: 1 }] }]);
  });
});

describe("events", () => {
  test("a change names the flags, a kill of a flag and what needs it included", async () => {
    const dimmer = start();
    const client = await connect(dimmer);
    const changes = listen(client, ProviderEvents.ConfigurationChanged);
    store.put({ ...definitions, flags: { ...definitions.flags, help: booleanFlag("on") } });
    await dimmer.kill({ scope: "flag", target: "share" });
    await expect.poll(() => changes).toMatchObject([{ flagsChanged: ["help"] }, { flagsChanged: ["share", "needy"] }]);
  });

  test("silent stores make it STALE, and hearing them again READY", async () => {
    const client = await connect(start());
    expect(client.providerStatus).toBe(ProviderStatus.READY);
    const stale = listen(client, ProviderEvents.Stale);
    store.breakDown();
    clock.advance(61_000);
    await expect.poll(() => client.providerStatus).toBe(ProviderStatus.STALE);
    expect(stale).toMatchObject([{ message: "Not heard of: memory. The store memory is broken." }]);
    expect(await client.getStringDetails("mode", "x")).toMatchObject({ value: "s", flagMetadata: { isStale: true } });
    store.repair();
    await expect.poll(() => client.providerStatus).toBe(ProviderStatus.READY);
  });

  test("an old disk snapshot makes it READY, then STALE", async () => {
    const directory = mkdtempSync(join(tmpdir(), "dimmer-openfeature-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const before = start({ directory });
    await before.ready();
    await before.close();
    store.breakDown();
    clock.advance(600_000);
    const client = await connect(start({ directory }));
    const first = client.providerStatus;
    await expect.poll(() => client.providerStatus).toBe(ProviderStatus.STALE);
    expect(first).toBe(ProviderStatus.READY);
    expect(await client.getStringDetails("mode", "x")).toMatchObject({ value: "s", flagMetadata: { ageMs: 600_000 } });
  });

  test("no store at the start makes it ERROR, answered from the definitions, and READY when it comes", async () => {
    const empty = createMemoryStore("memory");
    const connecting = connect(start({ stores: [empty], definitions: definitionsOf({ help: booleanFlag("on") }) }));
    clock.advance(5000);
    await expect(connecting).rejects.toMatchObject({ code: "PROVIDER_NOT_READY" });
    const client = OpenFeature.getClient();
    expect(client.providerStatus).toBe(ProviderStatus.ERROR);
    expect(await client.getBooleanDetails("help", true)).toMatchObject({ value: false, variant: "off" });
    // The very flags of the definitions: nothing changes but where they come from.
    empty.put(definitionsOf({ help: booleanFlag("off") }));
    await expect.poll(() => client.providerStatus).toBe(ProviderStatus.READY);
  });

  test("a store that stays silent is an ERROR again, with its code", async () => {
    const empty = createMemoryStore("memory");
    const connecting = connect(start({ stores: [empty] }));
    clock.advance(5000);
    await expect(connecting).rejects.toMatchObject({ code: "PROVIDER_NOT_READY" });
    const heard: unknown[] = [];
    OpenFeature.addHandler(ProviderEvents.Error, (details) => void heard.push(details));
    clock.advance(61_000);
    await expect.poll(() => heard).toMatchObject([{}, { errorCode: "PROVIDER_NOT_READY" }]);
  });

  test("given again after it was closed, it goes on if its Dimmer does, and else is a fatal error", async () => {
    const dimmer = start();
    const lasting = createOpenFeatureProvider(dimmer, { closesDimmer: false });
    await OpenFeature.setProviderAndWait(lasting);
    await OpenFeature.clearProviders();
    await OpenFeature.setProviderAndWait(lasting);
    const changes = listen(OpenFeature.getClient(), ProviderEvents.ConfigurationChanged);
    store.put({ ...definitions, flags: { ...definitions.flags, help: booleanFlag("on") } });
    await expect.poll(() => changes).toMatchObject([{ flagsChanged: ["help"] }]);

    const once = createOpenFeatureProvider(dimmer);
    await OpenFeature.setProviderAndWait(once);
    await OpenFeature.clearProviders();
    await expect(OpenFeature.setProviderAndWait(once)).rejects.toMatchObject({ code: "PROVIDER_FATAL" });
    expect(await OpenFeature.getClient().getBooleanDetails("help", false)).toMatchObject({
      value: false,
      reason: "ERROR",
      errorCode: "PROVIDER_FATAL",
    });
  });

  test("closed, it tells no more, and the Dimmer is closed unless it is to stay", async () => {
    const dimmers = [start(), start({ stores: [createMemoryStore("memory", definitions)] })];
    const providers = dimmers.map((dimmer, index) => createOpenFeatureProvider(dimmer, { closesDimmer: index === 0 }));
    for (const provider of providers) await OpenFeature.setProviderAndWait(provider);
    const closed: unknown[] = [];
    providers[0]?.events?.addHandler(ProviderEvents.ConfigurationChanged, (details) => void closed.push(details));
    expect(store.followers).toBe(0);
    const changed = new Promise((resolve) => dimmers[1]?.on("change", resolve));
    await OpenFeature.clearProviders();
    await dimmers[1]?.kill({ scope: "flag", target: "mode" });
    expect(await changed).toEqual({ keys: ["mode"] });
    expect(closed).toEqual([]);
  });
});

describe("tracking", () => {
  const observed = async (track: (client: Client) => void): Promise<ObservationBatch["observations"]> => {
    const batches: ObservationBatch[] = [];
    const dimmer = start({ observations: { send: async (batch) => void batches.push(batch) } });
    const tracking = { answered: { flag: "help" }, failed: { flag: "help", isError: true }, lost: { flag: "nowhere" } };
    const client = await connect(dimmer, { tracking });
    track(client);
    await dimmer.close();
    return batches.flatMap((batch) => batch.observations);
  };

  test("a tracked event counts for the variant its context gets", async () => {
    const observations = await observed((client) => {
      client.track("answered", { plan: "pro" }, { value: 120, inputTokens: 7, costMicroUsd: 30 });
      client.track("failed", { plan: "pro" }, { value: 80 });
      client.track("answered", { plan: "free" }, { value: 5, isError: true, outputTokens: 3 });
    });
    expect(observations).toMatchObject([
      { flag: "help", variant: "on", requests: 2, errors: 1, inputTokens: 7, outputTokens: 0, costMicroUsd: 30 },
      { flag: "help", variant: "off", requests: 1, errors: 1, outputTokens: 3 },
    ]);
  });

  test("what is no measured request of a flag does not count", async () => {
    const observations = await observed((client) => {
      client.track("answered", { plan: "pro" });
      client.track("lost", {}, { value: 1 });
      client.track("toString", {}, { value: 1 });
    });
    expect(observations).toEqual([]);
  });

  test("nor does it count as an exposure", async () => {
    const dimmer = start({ countExposures: true });
    const client = await connect(dimmer, { tracking: { answered: { flag: "help" } } });
    client.track("answered", {}, { value: 1 });
    await client.getBooleanValue("help", false);
    expect(dimmer.exposures()).toEqual([{ flag: "help", variant: "off", count: 1 }]);
  });
});
