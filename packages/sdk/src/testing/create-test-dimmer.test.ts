import { AssertionError } from "node:assert";
import { createDimmer, defineFlags } from "@dimmer/sdk";
import { createRequestContext } from "@dimmer/sdk/request-context";
import { createTestDimmer } from "@dimmer/sdk/testing";
import type { ObservationBatch } from "@dimmer/spec";
import { createMemoryStore } from "@dimmer/stores/testing";
import { describe, expect, test } from "vitest";
import { booleanFlag, definitionsOf, flagSetOf } from "../../test/fixtures.ts";

const flags = defineFlags({
  flags: {
    master: { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" },
    help: {
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "off",
      prerequisites: ["master"],
      strategy: { type: "percentage", percentage: 10 },
    },
    ramp: {
      state: "ENABLED",
      variants: { on: true, off: false },
      defaultVariant: "off",
      strategy: { type: "progressive", start: "2026-01-01T00:00:00Z", end: "2026-01-02T00:00:00Z" },
    },
    size: { state: "ENABLED", variants: { small: 1, large: 9 }, defaultVariant: "small" },
    prompt: { state: "ENABLED", variants: { short: { text: "Hi" }, long: { text: "Hello" } }, defaultVariant: "short" },
  },
});

describe("a test's Dimmer", () => {
  test("is ready at once, on definitions alone or a whole flag set", () => {
    const dimmer = createTestDimmer(flags.definitions);
    expect(dimmer.status()).toMatchObject({ isReady: true, isStale: false, source: "test", faults: [] });
    expect(createTestDimmer(flagSetOf(7, { a: booleanFlag("on") })).boolean("a", false)).toBe(true);
  });

  test("is nobody else's", async () => {
    const [one, other] = [createTestDimmer(flags.definitions), createTestDimmer(flags.definitions)];
    one.force("size", "large");
    one.number("size", 0);
    await one.kill({ scope: "provider", target: "google" });
    expect([other.number("size", 0), other.isKilled("provider", "google")]).toEqual([1, false]);
    expect([one.exposuresOf("size"), other.exposuresOf("size")]).toEqual([{ large: 1 }, { small: 1 }]);
  });

  test("refuses definitions with faults", () => {
    expect(() => createTestDimmer({ flags: { a: booleanFlag("on", { safeVariant: "none" }) } })).toThrow(
      "/flags/a/safeVariant",
    );
  });

  test("takes the options a test may need", async () => {
    const batches: ObservationBatch[] = [];
    const requests = createRequestContext();
    const dimmer = createTestDimmer(flags.definitions, {
      currentContext: requests.current,
      observations: { send: async (batch) => void batches.push(batch) },
    });
    dimmer.force("master", "on");
    const somebody = dimmer.findContext("help", "on");
    expect(requests.run(somebody, () => dimmer.boolean("help", false))).toBe(true);
    dimmer.observe({ flag: "help", variant: "on", latencyMs: 5, isError: false });
    await dimmer.close();
    expect(batches).toMatchObject([
      { instanceBootId: expect.stringMatching(/^test-/), observations: [{ requests: 1 }] },
    ]);
  });
});

describe("a forced flag", () => {
  test("serves everyone its variant until it is released, and says so to who listens", () => {
    const dimmer = createTestDimmer(flags.definitions);
    const changes: unknown[] = [];
    dimmer.on("change", (change) => changes.push(change));
    dimmer.force("ramp", "on");
    expect([dimmer.boolean("ramp", false), dimmer.details("ramp", false).reason]).toEqual([true, "STATIC"]);
    dimmer.release("ramp");
    expect(dimmer.boolean("ramp", true)).toBe(false);
    expect(changes).toEqual([{ keys: ["ramp"] }, { keys: ["ramp"] }]);
  });

  test("is seen by flags that need it, and need not see those it needs", () => {
    const dimmer = createTestDimmer(flags.definitions);
    dimmer.force("help", "on");
    expect(dimmer.boolean("help", false)).toBe(true);
    dimmer.release();
    dimmer.force("master", "on");
    const somebody = dimmer.findContext("help", "on");
    expect([dimmer.boolean("help", false, somebody), dimmer.boolean("master", false)]).toEqual([true, true]);
  });

  test("is beaten by a kill", async () => {
    const dimmer = createTestDimmer(flags.definitions);
    dimmer.force("help", "on");
    await dimmer.kill({ scope: "flag", target: "help" });
    expect(dimmer.details("help", true)).toMatchObject({ value: false, reason: "KILLED" });
    await dimmer.revive({ scope: "flag", target: "help" });
    expect(dimmer.boolean("help", false)).toBe(true);
  });

  test("is safe at what it was safe at before", async () => {
    const dimmer = createTestDimmer(flags.definitions);
    dimmer.force("size", "large");
    await dimmer.kill({ scope: "flag", target: "size" });
    expect(dimmer.number("size", 0)).toBe(1);
  });

  test("may be forced by value, one that no variant has too", () => {
    const dimmer = createTestDimmer(flags.definitions);
    dimmer.forceValue("prompt", { text: "Hello" });
    dimmer.forceValue("size", 5);
    expect(dimmer.details("prompt", {})).toMatchObject({ value: { text: "Hello" }, variant: "long" });
    expect(dimmer.number("size", 0)).toBe(5);
    expect(flags.bind(dimmer).get("size")).toBe(1);
  });

  test("is refused when there is no such flag, variant or type, and nothing changes", () => {
    const dimmer = createTestDimmer(flags.definitions);
    dimmer.force("size", "large");
    expect(() => dimmer.force("sise", "large")).toThrow("The definitions of this test have no flag 'sise'.");
    expect(() => dimmer.release("toString")).toThrow("no flag 'toString'");
    expect(() => dimmer.force("size", "huge")).toThrow("The flag 'size' has no variant 'huge'; it has small, large.");
    expect(() => dimmer.forceValue("size", "huge")).toThrow("/flags/size/variants/forced");
    expect(dimmer.number("size", 0)).toBe(9);
  });
});

describe("time", () => {
  test("stands still until it is moved", () => {
    const dimmer = createTestDimmer(flags.definitions, { now: new Date("2025-12-31T00:00:00Z") });
    expect(dimmer.boolean("ramp", true, { targetingKey: "user-1" })).toBe(false);
    dimmer.clock.advanceTo(new Date("2026-01-02T00:00:00Z"));
    expect(dimmer.boolean("ramp", false, { targetingKey: "user-1" })).toBe(true);
    dimmer.clock.advanceTo(new Date("2026-01-01T00:00:00Z"));
    expect(dimmer.clock.nowMs()).toBe(Date.UTC(2026, 0, 2));
  });

  test("ends kills", async () => {
    const dimmer = createTestDimmer(flags.definitions);
    await dimmer.kill({ scope: "model", target: "m", expiresAt: "2026-01-01T00:10:00Z" });
    dimmer.clock.advance(9 * 60_000);
    expect(dimmer.isKilled("model", "m")).toBe(true);
    dimmer.clock.advance(2 * 60_000);
    expect(dimmer.isKilled("model", "m")).toBe(false);
    expect(dimmer.status().isStale).toBe(false);
  });
});

describe("somebody", () => {
  test("is found for a variant, at the time and with the attributes asked for", () => {
    const dimmer = createTestDimmer(flags.definitions);
    expect(() => dimmer.findContext("ramp", "on", { attempts: 100 })).toThrow(
      "None of 100 contexts gets the variant 'on' of 'ramp' now.",
    );
    dimmer.clock.advance(12 * 60 * 60_000);
    const found = dimmer.findContext("ramp", "on", { prefix: "someone-" });
    expect(found.targetingKey).toMatch(/^someone-\d+$/);
    expect(dimmer.boolean("ramp", false, found)).toBe(true);
  });

  test("gets the same from any other Dimmer", () => {
    const definitions = definitionsOf({
      share: booleanFlag("off", { strategy: { type: "percentage", percentage: 1 } }),
    });
    const found = createTestDimmer(definitions).findContext("share", "on");
    const other = createDimmer({ stores: [createMemoryStore("memory", definitions)] });
    expect(other.boolean("share", false, found)).toBe(true);
  });
});

test("exposures are held against what was expected", () => {
  const dimmer = createTestDimmer(flags.definitions);
  flags.bind(dimmer).get("size");
  dimmer.assertExposures("size", { small: 1 });
  dimmer.assertExposures("help", {});
  expect(() => dimmer.assertExposures("size", { small: 2 })).toThrow(AssertionError);
  expect(() => dimmer.assertExposures("size", {})).toThrow(
    `The flag 'size' was handed out as {"small":1}, expected {}.`,
  );
});
