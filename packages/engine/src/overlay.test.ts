import { compile, evaluate, evaluateAll, type CompiledFlagSet } from "@dimmer/engine";
import { overlay, type OverlayInput } from "@dimmer/engine/overlay";
import { describe, expect, test } from "vitest";

const flag = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };
const result = compile({
  flags: {
    master: { ...flag, defaultVariant: "on" },
    child: { ...flag, defaultVariant: "on", prerequisites: ["master"] },
    grandchild: { ...flag, defaultVariant: "on", prerequisites: ["child"] },
    other: { ...flag, strategy: { type: "percentage", percentage: 50 } },
    mode: {
      state: "ENABLED",
      variants: { off: "off", log: "log", block: "block" },
      defaultVariant: "block",
      safeVariant: "off",
    },
    settings: {
      state: "ENABLED",
      variants: { small: { model: "mini", limit: 1 }, large: { model: "maxi", limit: 2 } },
      defaultVariant: "small",
    },
    disabled: { ...flag, state: "DISABLED" },
    fixed: { ...flag, defaultVariant: "on", locked: "phase 1 is complete" },
  },
});
if (!result.ok) throw new Error(JSON.stringify(result.faults));
const base = result.compiled;

function laid(input: Partial<OverlayInput>): CompiledFlagSet {
  return overlay(base, { killedFlags: new Set(), overrides: new Map(), ...input }).compiled;
}

describe("a killed flag", () => {
  test("serves its safe variant, even where its default is on", () => {
    const set = laid({ killedFlags: new Set(["master", "mode", "disabled", "fixed", "unknown"]) });
    expect(evaluate(set, "master", {}, 0)).toMatchObject({ value: false, variant: "off", reason: "KILLED" });
    expect(evaluate(set, "mode", {}, 0)).toMatchObject({ value: "off", variant: "off", reason: "KILLED" });
    expect(evaluate(set, "disabled", {}, 0)).toMatchObject({ value: false, reason: "KILLED" });
    expect(evaluate(set, "fixed", {}, 0)).toMatchObject({ value: false, reason: "KILLED" });
  });

  test("turns off what needs it, directly or not", () => {
    const set = laid({ killedFlags: new Set(["master"]) });
    for (const key of ["child", "grandchild"])
      expect(evaluate(set, key, {}, 0)).toMatchObject({ value: false, reason: "PREREQUISITE" });
  });

  test("stays killed under an override", () => {
    const set = laid({ killedFlags: new Set(["master"]), overrides: new Map([["master", true]]) });
    expect(evaluate(set, "master", {}, 0)).toMatchObject({ value: false, reason: "KILLED" });
  });
});

describe("an overridden flag", () => {
  test("serves the variant with that value, objects compared by content", () => {
    const set = laid({
      overrides: new Map<string, boolean | object>([
        ["other", true],
        ["settings", { limit: 2, model: "maxi" }],
      ]) as OverlayInput["overrides"],
    });
    expect(evaluate(set, "other", {}, 0)).toMatchObject({ value: true, reason: "OVERRIDE" });
    expect(evaluate(set, "settings", {}, 0)).toMatchObject({ variant: "large", reason: "OVERRIDE" });
  });

  test("counts for those that need it, whatever it needs itself", () => {
    const set = laid({ killedFlags: new Set(["master"]), overrides: new Map([["child", true]]) });
    expect(evaluate(set, "grandchild", {}, 0)).toMatchObject({ value: true, reason: "STATIC" });
  });

  test("is dropped and named when it is unknown, locked or of no variant's value", () => {
    const overrides: OverlayInput["overrides"] = new Map<string, string | boolean>([
      ["nowhere", true],
      ["fixed", false],
      ["mode", "loud"],
      ["other", "true"],
    ]);
    const { compiled, faults } = overlay(base, { killedFlags: new Set(), overrides });
    expect(faults.map(({ pointer, value }) => [pointer, value])).toEqual([
      ["/nowhere", true],
      ["/fixed", false],
      ["/mode", "loud"],
      ["/other", "true"],
    ]);
    expect(faults[1]).toMatchObject({ code: "locked", details: ["phase 1 is complete"] });
    expect(compiled).toBe(base);
  });
});

test("shares everything it does not touch, and replaces an earlier overlay", () => {
  const first = laid({ killedFlags: new Set(["other"]) });
  expect(first.flags.get("master")).toBe(base.flags.get("master"));
  const second = overlay(first, { killedFlags: new Set(["mode"]), overrides: new Map() }).compiled;
  expect(evaluate(second, "other", {}, 0).reason).not.toBe("KILLED");
  expect(evaluate(base, "mode", {}, 0)).toMatchObject({ value: "block", reason: "STATIC" });
  expect(overlay(second, { killedFlags: new Set(), overrides: new Map() }).compiled).toBe(base);
});

test("asking for all flags at once gives what asking for each gives, in the order of the definition", () => {
  const varied = laid({ killedFlags: new Set(["master"]), overrides: new Map([["mode", "log"]]) });
  for (const compiled of [base, varied]) {
    const each = compiled.keys.map((key) => evaluate(compiled, key, { targetingKey: "u" }, 0));
    expect(evaluateAll(compiled, { targetingKey: "u" }, 0)).toEqual(each);
  }
});
