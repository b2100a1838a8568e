import { createManualClock } from "@dimmer/api-client/testing";
import { createDimmer } from "@dimmer/sdk";
import type { Dimmer, DimmerOptions, EvaluationContext } from "@dimmer/sdk";
import { createMemoryStore } from "@dimmer/stores/testing";
import { describe, expect, test } from "vitest";
import { booleanFlag, definitionsOf } from "../test/fixtures.ts";

const clock = createManualClock();
const definitions = definitionsOf({
  help: booleanFlag("off", { targeting: { if: [{ "==": [{ var: "plan" }, "pro"] }, "on", null] } }),
  mode: { state: "ENABLED", variants: { slow: "s", fast: "f" }, defaultVariant: "slow" },
  size: { state: "ENABLED", variants: { small: 1 }, defaultVariant: "small" },
  prompt: { state: "ENABLED", variants: { short: { text: "Hi" } }, defaultVariant: "short" },
  paused: { ...booleanFlag("on"), state: "DISABLED" },
  ramp: booleanFlag("off", {
    strategy: { type: "progressive", start: "2026-01-01T00:00:00Z", end: "2026-01-01T01:00:00Z" },
  }),
});
const start = (options: Partial<DimmerOptions> = {}): Dimmer =>
  createDimmer({ stores: [createMemoryStore("memory", definitions)], clock, ...options });
const pro: EvaluationContext = { targetingKey: "user-1", plan: "pro" };

describe("all", () => {
  test("answers every flag to one context, in the order of the definitions", () => {
    const answers = start().all(pro);
    expect(answers.map(({ flagKey, variant, reason }) => [flagKey, variant, reason])).toEqual([
      ["help", "on", "TARGETING_MATCH"],
      ["mode", "slow", "STATIC"],
      ["size", "small", "STATIC"],
      ["prompt", "short", "STATIC"],
      ["paused", undefined, "DISABLED"],
      ["ramp", "off", "SPLIT"],
    ]);
  });

  test("shares the answers `evaluate` gives", () => {
    const dimmer = start();
    for (const answer of dimmer.all(pro)) expect(dimmer.evaluate(answer.flagKey, pro)).toBe(answer);
    expect(dimmer.all(pro).every(Object.isFrozen)).toBe(true);
  });

  test("goes by the clock", () => {
    const dimmer = start();
    clock.advance(60 * 60 * 1000);
    expect(dimmer.all(pro).find(({ flagKey }) => flagKey === "ramp")?.variant).toBe("on");
  });

  test("has kills and overrides in force", async () => {
    const dimmer = start({ overrides: new Map([["mode", "f"]]) });
    await dimmer.kill({ scope: "flag", target: "help" });
    expect(dimmer.all(pro).slice(0, 2)).toMatchObject([
      { variant: "off", reason: "KILLED" },
      { variant: "fast", reason: "OVERRIDE" },
    ]);
  });
});

test("a flag nobody knows is an answer too, and is not counted where nobody relied on it", () => {
  const dimmer = start();
  expect(dimmer.evaluate("nowhere")).toMatchObject({ value: undefined, errorCode: "FLAG_NOT_FOUND" });
  expect(dimmer.status().counters.unknownFlags).toEqual({});
});

describe("exposures", () => {
  test("are the variants that the getters handed out", () => {
    const dimmer = start({ countExposures: true });
    dimmer.boolean("help", false, pro);
    dimmer.boolean("help", false, pro);
    dimmer.boolean("help", false);
    dimmer.isOn("help");
    dimmer.details("help", false, pro);
    dimmer.string("mode", "");
    dimmer.number("size", 0);
    dimmer.object("prompt", {});
    expect(dimmer.exposures()).toEqual([
      { flag: "help", variant: "on", count: 3 },
      { flag: "help", variant: "off", count: 2 },
      { flag: "mode", variant: "slow", count: 1 },
      { flag: "size", variant: "small", count: 1 },
      { flag: "prompt", variant: "short", count: 1 },
    ]);
  });

  test("are no fallbacks, and nothing that was only looked at", () => {
    const dimmer = start({ countExposures: true });
    dimmer.boolean("nowhere", true);
    dimmer.boolean("paused", true);
    dimmer.string("help", "");
    dimmer.details("help", "");
    dimmer.evaluate("help");
    dimmer.all();
    expect(dimmer.exposures()).toEqual([]);
  });

  test("go on over a new flag set", async () => {
    const store = createMemoryStore("memory", definitions);
    const dimmer = start({ stores: [store], countExposures: true });
    dimmer.boolean("help", false);
    store.put(definitionsOf({ help: booleanFlag("on") }));
    dimmer.boolean("help", false);
    store.put(definitions);
    dimmer.boolean("help", false);
    expect(dimmer.exposures()).toEqual([
      { flag: "help", variant: "off", count: 2 },
      { flag: "help", variant: "on", count: 1 },
    ]);
  });

  test("are not counted unless asked for", () => {
    const dimmer = start();
    dimmer.boolean("help", false);
    expect(dimmer.exposures()).toEqual([]);
  });
});
