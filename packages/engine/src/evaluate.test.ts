import { compile, evaluate, isOn, limits, type CompiledFlagSet } from "@dimmer/engine";
import { findContext } from "@dimmer/engine/testing";
import { describe, expect, test } from "vitest";

const flag = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };

function compiled(flags: object): CompiledFlagSet {
  const result = compile({ flags });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.compiled;
}

describe("never throws", () => {
  const set = compiled({
    f: {
      ...flag,
      targeting: {
        if: [
          { "==": [{ var: "a" }, "x"] },
          "on",
          {
            fractional: [
              ["on", 1],
              ["off", 1],
            ],
          },
        ],
      },
    },
    loop: { ...flag, targeting: { if: [{ some: [{ var: "l" }, { some: [{ var: "l" }, false] }] }, "on"] } },
    big: {
      ...flag,
      targeting: {
        if: [{ reduce: [{ var: "l" }, { merge: [{ var: "accumulator" }, { var: "accumulator" }, 1] }, []] }, "on"],
      },
    },
    long: {
      ...flag,
      targeting: {
        if: [{ reduce: [{ var: "l" }, { cat: [{ var: "accumulator" }, { var: "accumulator" }, "ab"] }, ""] }, "on"],
      },
    },
  });

  test("when an attribute cannot be read", () => {
    const context = {
      get a(): string {
        throw new Error("gone");
      },
    };
    expect(evaluate(set, "f", context, 0)).toMatchObject({ value: undefined, reason: "ERROR", errorCode: "GENERAL" });
  });

  test("when the context walks further than one evaluation may", () => {
    const rows = Array.from({ length: 1_000 }, () => ({
      l: Array.from({ length: limits.elementsPerEvaluation / 1_000 }, () => 0),
    }));
    expect(evaluate(set, "loop", { l: rows }, 0)).toMatchObject({ reason: "ERROR", errorCode: "GENERAL" });
    expect(evaluate(set, "loop", { l: rows.slice(0, 10) }, 0)).toMatchObject({ reason: "DEFAULT" });
  });

  test.each(["big", "long"])("when the context makes something grow without end: %s", (key) => {
    const l = Array.from({ length: 100 }, () => 0);
    expect(evaluate(set, key, { l }, 0)).toMatchObject({ reason: "ERROR", errorCode: "GENERAL" });
  });

  test("when the context is not what it should be", () => {
    // A JavaScript caller may pass anything.
    for (const context of [null, undefined, 5, "text", [], new Proxy({}, {})]) {
      expect(() => evaluate(set, "f", JSON.parse(JSON.stringify(context ?? null)), 0)).not.toThrow();
    }
  });
});

describe("prerequisites", () => {
  const set = compiled({
    master: { ...flag, targeting: { if: [{ var: "master" }, "on", "off"] } },
    second: { ...flag, targeting: { if: [{ var: "second" }, "on", "off"] }, prerequisites: ["master"] },
    leaf: { ...flag, defaultVariant: "on", prerequisites: ["second", "master"] },
    gone: { ...flag, state: "DISABLED", defaultVariant: "on" },
    orphan: { ...flag, defaultVariant: "on", prerequisites: ["gone"] },
    failing: { ...flag, targeting: { if: [true, "no such variant"] } },
    child: { ...flag, defaultVariant: "on", prerequisites: ["failing"] },
    "no-default": { state: "ENABLED", variants: { a: "a" }, prerequisites: ["master"] },
  });

  test("all of them, and all of theirs, must be on", () => {
    expect(evaluate(set, "leaf", { master: true, second: true }, 0)).toMatchObject({ variant: "on", reason: "STATIC" });
    expect(evaluate(set, "leaf", { second: true }, 0)).toMatchObject({ variant: "off", reason: "PREREQUISITE" });
    expect(evaluate(set, "leaf", { master: true }, 0)).toMatchObject({ variant: "off", reason: "PREREQUISITE" });
  });

  test("a disabled flag is not on, and neither is one that fails", () => {
    expect(evaluate(set, "orphan", {}, 0)).toMatchObject({ variant: "off", reason: "PREREQUISITE" });
    expect(evaluate(set, "child", {}, 0)).toMatchObject({ variant: "off", reason: "PREREQUISITE" });
  });

  test("a flag without an off-variant leaves the answer to the caller", () => {
    expect(evaluate(set, "no-default", {}, 0)).toMatchObject({
      value: undefined,
      variant: undefined,
      reason: "PREREQUISITE",
    });
  });
});

test("on means serving an on-variant", () => {
  const set = compiled({
    b: { ...flag, defaultVariant: "on" },
    mode: {
      state: "ENABLED",
      variants: { off: "off", log: "log", block: "block" },
      defaultVariant: "log",
      onVariants: ["block", "log"],
    },
    plain: { state: "ENABLED", variants: { a: 1 }, defaultVariant: "a" },
  });
  const on = ["b", "mode", "plain", "nowhere"].map((key) => isOn(set, evaluate(set, key, {}, 0)));
  expect(on).toEqual([true, true, false, false]);
});

test.each(["tenant", "user.id"])("finds somebody by what a flag is sticky by: %s", (stickiness) => {
  const set = compiled({ f: { ...flag, strategy: { type: "percentage", percentage: 1, stickiness } } });
  const found = findContext(set, "f", "on", { nowMs: 0, context: { user: { plan: "pro" } } });
  expect(found).not.toHaveProperty("targetingKey");
  expect(found).toHaveProperty(stickiness);
  expect(found).toHaveProperty("user.plan", "pro");
  expect(evaluate(set, "f", found ?? {}, 0).variant).toBe("on");
});

test("finds somebody who gets a variant, or nobody", () => {
  const set = compiled({ f: { ...flag, strategy: { type: "percentage", percentage: 1 } }, none: flag });
  const found = findContext(set, "f", "on", { nowMs: 0, prefix: "someone-", context: { plan: "pro" } });
  expect(found).toEqual({ plan: "pro", targetingKey: expect.stringMatching(/^someone-\d+$/) });
  expect(evaluate(set, "f", found ?? {}, 0).variant).toBe("on");
  expect(findContext(set, "none", "on", { nowMs: 0, attempts: 10 })).toBeUndefined();
});
