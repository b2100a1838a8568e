import { createDimmer, defineFlags } from "@dimmer/sdk";
import type { Dimmer, TypedFlags } from "@dimmer/sdk";
import type { FlagDefinitions } from "@dimmer/spec";
import { createMemoryStore } from "@dimmer/stores/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { booleanFlag, definitionsOf } from "../test/fixtures.ts";

const flags = defineFlags(
  {
    flags: {
      help: { state: "ENABLED", variants: { on: true, off: false }, safeVariant: "off" },
      mode: {
        state: "ENABLED",
        variants: { off: "off", log: "log-only", block: "block" },
        defaultVariant: "block",
        safeVariant: "off",
      },
      size: { state: "ENABLED", variants: { small: 3, large: 10 }, defaultVariant: "small" },
      prompt: {
        state: "ENABLED",
        variants: {
          short: { model: "haiku", stop: ["."], limits: { tokens: 100 } },
          long: { model: "opus", stop: [], limits: { tokens: 900 } },
        },
        defaultVariant: "short",
      },
      budget: { state: "ENABLED", variants: { low: 100 }, defaultVariant: "low" },
      bundle: {
        state: "ENABLED",
        variants: { a: { model: "m", stop: ["."], seed: null } },
        defaultVariant: "a",
      },
    },
  },
  { open: ["budget", "bundle"] },
);

/** The flags as a process sees them whose store serves these values, each to everyone. */
function serving(values: Record<string, FlagDefinitions["flags"][string]["variants"][string]>): {
  typed: ReturnType<typeof flags.bind>;
  dimmer: Dimmer;
} {
  const served = Object.entries(values).map(([key, value]) => [
    key,
    { state: "ENABLED" as const, variants: { served: value }, defaultVariant: "served" },
  ]);
  const store = createMemoryStore("memory", definitionsOf(Object.fromEntries(served)));
  const dimmer = createDimmer({ stores: [store], definitions: flags.definitions });
  return { dimmer, typed: flags.bind(dimmer) };
}

describe("types", () => {
  const { typed, dimmer } = serving({});

  test("values are the variants, and of open flags their type", () => {
    expectTypeOf(typed.get("help")).toEqualTypeOf<boolean>();
    expectTypeOf(typed.get("mode")).toEqualTypeOf<"off" | "log-only" | "block">();
    expectTypeOf(typed.get("size")).toEqualTypeOf<3 | 10>();
    expectTypeOf(typed.get("prompt").model).toEqualTypeOf<"haiku" | "opus">();
    expectTypeOf(typed.get("prompt").limits.tokens).toEqualTypeOf<100 | 900>();
    expectTypeOf(typed.get("budget")).toEqualTypeOf<number>();
    expectTypeOf(typed.get("bundle").model).toEqualTypeOf<string>();
    expectTypeOf(typed.get("bundle").stop).toEqualTypeOf<readonly string[]>();
    expectTypeOf(typed.get("bundle").seed).toEqualTypeOf<null>();
    expectTypeOf(typed.details("mode").value).toEqualTypeOf<"off" | "log-only" | "block">();
  });

  test("keys are those of the definitions", () => {
    type Key = "help" | "mode" | "size" | "prompt" | "budget" | "bundle";
    expectTypeOf<Parameters<typeof typed.get>[0]>().toEqualTypeOf<Key>();
    expectTypeOf<Parameters<typeof typed.isOn>[0]>().toEqualTypeOf<Key>();
  });

  test("an unknown key and a wrong type do not compile", () => {
    // @ts-expect-error -- there is no such flag
    expect(() => typed.get("hepl")).toThrow("The program defines no flag 'hepl'.");
    // @ts-expect-error -- a boolean flag
    const text: string = typed.get("help");
    // @ts-expect-error -- not one of the variants
    const isBlocked: boolean = typed.get("mode") === "blocked";
    // @ts-expect-error -- only flags of the definitions can be open
    defineFlags({ flags: {} }, { open: ["budget"] });
    expect([text, isBlocked]).toEqual([false, false]);
  });

  test("are the same from what `as const` made, and of properties that strings have too", () => {
    const variants = { wide: { search: ["web", "docs"], length: [1], constructor: ["a"] } } as const;
    const constant = { flags: { tools: { state: "ENABLED", variants, defaultVariant: "wide" } } } as const;
    const [one, other] = [defineFlags(constant), defineFlags({ flags: { ...constant.flags } })];
    const inline = defineFlags({
      flags: { tools: { state: "ENABLED", variants: { wide: { search: ["web", "docs"] } }, defaultVariant: "wide" } },
    });
    expectTypeOf(one).toEqualTypeOf<typeof other>();
    expectTypeOf(inline.bind(dimmer).get("tools").search).toEqualTypeOf<readonly ["web", "docs"]>();
    expect(inline.bind(dimmer).get("tools").search).toEqual(["web", "docs"]);
  });

  test("a function can take whatever has the one flag it reads", () => {
    const greet = (own: TypedFlags<{ readonly help: boolean }>): string => (own.get("help") ? "How can I help?" : "");
    expect(greet(typed)).toBe("");
  });
});

describe("get", () => {
  test("answers what is served", () => {
    const { typed } = serving({ help: true, mode: "log-only", size: 10, budget: 77 });
    expect([typed.get("help"), typed.get("mode"), typed.get("size"), typed.get("budget")]).toEqual([
      true,
      "log-only",
      10,
      77,
    ]);
  });

  test("answers the safe variant where no store knows the flag", () => {
    const { typed } = serving({});
    expect([typed.get("help"), typed.get("mode"), typed.get("size")]).toEqual([false, "off", 3]);
    expect(typed.details("mode")).toMatchObject({ value: "off", variant: "off", source: "definitions" });
    expect(typed.isOn("help")).toBe(false);
  });

  test("needs no definitions in the Dimmer it is bound to", () => {
    const typed = flags.bind(createDimmer({ stores: [] }));
    expect(typed.get("mode")).toBe("off");
    expect(typed.details("mode")).toMatchObject({ value: "off", source: "default", errorCode: "FLAG_NOT_FOUND" });
  });

  test("hands the context on", () => {
    const targeting = { if: [{ "==": [{ var: "plan" }, "pro"] }, "on", "off"] };
    const store = createMemoryStore("memory", definitionsOf({ help: booleanFlag("off", { targeting }) }));
    const typed = flags.bind(createDimmer({ stores: [store] }));
    expect([typed.get("help", { plan: "pro" }), typed.get("help", { plan: "free" })]).toEqual([true, false]);
    expect([typed.isOn("help", { plan: "pro" }), typed.details("help", { plan: "pro" }).variant]).toEqual([true, "on"]);
  });
});

describe("a value the definitions do not have", () => {
  test("is not handed out, and is counted", () => {
    const { typed } = serving({ mode: "audit", size: 4 });
    expect([typed.get("mode"), typed.get("size")]).toEqual(["off", 3]);
    expect(typed.details("mode")).toMatchObject({
      value: "off",
      variant: undefined,
      reason: "ERROR",
      errorCode: "TYPE_MISMATCH",
      errorMessage: `The flag 'mode' serves "audit", which its definition in this program does not have.`,
    });
    expect(typed.mismatches()).toEqual({ mode: 2, size: 1 });
  });

  test("of another type is the SDK's to refuse and to count", () => {
    const { typed, dimmer } = serving({ mode: 1, budget: "much" });
    expect([typed.get("mode"), typed.get("budget")]).toEqual(["off", 100]);
    expect(dimmer.status().counters.typeMismatches).toEqual({ mode: 1, budget: 1 });
  });

  test.each([
    ["is one of the variants", { model: "opus", stop: [], limits: { tokens: 900 } }, true],
    ["mixes two variants", { model: "opus", stop: ["."], limits: { tokens: 900 } }, false],
    ["has more", { model: "opus", stop: [], limits: { tokens: 900 }, seed: 1 }, false],
    ["has less", { model: "opus", stop: [] }, false],
  ])("may be an object: one that %s", (_what, value, isServed) => {
    const { typed } = serving({ prompt: value });
    const fallback = { model: "haiku", stop: ["."], limits: { tokens: 100 } };
    expect([typed.get("prompt"), typed.get("prompt")]).toEqual(isServed ? [value, value] : [fallback, fallback]);
  });

  test.each([
    ["has other values", { model: "x", stop: ["!", "?"], seed: null }, true],
    ["has more", { model: "x", stop: [], seed: null, extra: 1 }, true],
    ["has less", { model: "x", stop: [] }, false],
    ["holds another type", { model: 1, stop: [], seed: null }, false],
    ["holds another type in a list", { model: "x", stop: [1], seed: null }, false],
    ["holds no list", { model: "x", stop: ".", seed: null }, false],
    ["holds what was null", { model: "x", stop: [], seed: 1 }, false],
  ])("may be an object of an open flag: one that %s", (_what, value, isServed) => {
    const { typed } = serving({ bundle: value });
    expect(typed.get("bundle")).toEqual(isServed ? value : { model: "m", stop: ["."], seed: null });
  });
});

describe("definitions with faults are refused", () => {
  test("when the engine finds them, all at once", () => {
    const define = (): unknown =>
      defineFlags({
        flags: {
          a: { state: "ENABLED", variants: { on: true }, defaultVariant: "off" },
          b: { state: "ENABLED", variants: {} },
        },
      });
    expect(define).toThrow(/\/flags\/a\/defaultVariant.*\/flags\/b\/variants/);
  });

  test("when a flag has no variant to fall back on", () => {
    const define = (): unknown => defineFlags({ flags: { a: { state: "ENABLED", variants: { x: "x" } } } });
    expect(define).toThrow("The flag 'a' has neither a safe nor a default variant.");
  });
});
