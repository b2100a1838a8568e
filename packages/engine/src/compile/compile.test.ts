import { compile, evaluate, limits, type Fault } from "@dimmer/engine";
import { describeFault } from "@dimmer/engine/faults";
import { describe, expect, test } from "vitest";

const flag = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };

function faultsOf(input: unknown): readonly Fault[] {
  const result = compile(input);
  return result.ok ? [] : result.faults;
}

function pointers(input: unknown): readonly string[] {
  return faultsOf(input).map(({ pointer }) => pointer);
}

test("a flag file without version is an unnamed set of version 0 under flagd-v2", () => {
  const result = compile({ flags: { f: flag } });
  expect(result.ok && result.compiled).toMatchObject({
    setId: "",
    version: 0,
    hash: "",
    environment: "",
    bucketing: "flagd-v2",
    keys: ["f"],
  });
});

test("a flag set keeps its identity", () => {
  const identity = { setId: "s", version: 17, hash: "abc", environment: "production", bucketing: "flagd-v1" };
  const result = compile({ ...identity, flags: {} });
  expect(result.ok && result.compiled).toMatchObject(identity);
});

test("what is not listed among the format's members is left alone", () => {
  expect(compile({ $schema: "…", flags: { f: { ...flag, "x-ours": { any: "thing" } } } }).ok).toBe(true);
});

test("one attempt shows every fault, each with its place, value and fix", () => {
  const faults = faultsOf({
    bucketing: "flagd-v9",
    version: -1,
    metadata: { nested: {} },
    flags: {
      a: {
        state: "ON",
        variants: { on: true, odd: "text", list: [] },
        defaultVariant: "of",
        safeVariant: 1,
        onVariants: ["on", "gone"],
      },
      "b/~": {
        ...flag,
        targeting: "on",
        metadata: { x: null },
        prerequisites: ["missing", 5],
        strategy: { type: "percentage", percentage: 101, end: "x" },
      },
      c: { ...flag, strategy: { type: "progressive", start: "tomorrow", end: "2026-01-01" } },
      d: "on",
    },
  });
  expect(faults.map(({ pointer }) => pointer).sort()).toEqual(
    [
      "/bucketing",
      "/version",
      "/metadata/nested",
      "/flags/a/state",
      "/flags/a/variants/odd",
      "/flags/a/variants/list",
      "/flags/a/defaultVariant",
      "/flags/a/safeVariant",
      "/flags/a/onVariants/1",
      "/flags/b~1~0/targeting",
      "/flags/b~1~0/metadata/x",
      "/flags/b~1~0/prerequisites/0",
      "/flags/b~1~0/prerequisites/1",
      "/flags/b~1~0/strategy/percentage",
      "/flags/b~1~0/strategy/end",
      "/flags/c/strategy/start",
      "/flags/c/strategy/end",
      "/flags/d",
    ].sort(),
  );
  const fault = faults.find(({ pointer }) => pointer === "/flags/a/defaultVariant");
  expect(fault && describeFault(fault)).toEqual({
    pointer: "/flags/a/defaultVariant",
    code: "unknown-variant",
    value: "of",
    message: "'defaultVariant' names no variant of this flag.",
    fix: "Use one of: on, odd, list.",
  });
});

describe("refuses", () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["what is no object", "flags", ""],
    ["a list", [], ""],
    ["a file without flags", { f: flag }, "/flags"],
    ["flags as a list", { flags: [flag] }, "/flags"],
    ["no variants", { flags: { f: { state: "ENABLED", variants: {} } } }, "/flags/f/variants"],
    ["missing variants", { flags: { f: { state: "ENABLED" } } }, "/flags/f/variants"],
    [
      "a number no client keeps",
      { flags: { f: { state: "ENABLED", variants: { big: 2 ** 53 } } } },
      "/flags/f/variants/big",
    ],
    [
      "an infinite number",
      { flags: { f: { state: "ENABLED", variants: { big: Infinity } } } },
      "/flags/f/variants/big",
    ],
    [
      "an object that is no JSON",
      { flags: { f: { state: "ENABLED", variants: { o: { f: () => 1 } } } } },
      "/flags/f/variants/o",
    ],
    ["an unknown strategy", { flags: { f: { ...flag, strategy: { type: "magic" } } } }, "/flags/f/strategy/type"],
    [
      "a percentage with too many decimals",
      { flags: { f: { ...flag, strategy: { type: "percentage", percentage: 0.0005 } } } },
      "/flags/f/strategy/percentage",
    ],
    [
      "a ramp that ends before it starts",
      {
        flags: {
          f: { ...flag, strategy: { type: "progressive", start: "2026-01-02T00:00:00Z", end: "2026-01-01T00:00:00Z" } },
        },
      },
      "/flags/f/strategy/end",
    ],
    [
      "a strategy without a variant to expose",
      {
        flags: {
          f: { state: "ENABLED", variants: { a: "a" }, defaultVariant: "a", strategy: { type: "all-at-once" } },
        },
      },
      "/flags/f/strategy",
    ],
    [
      "a strategy with nothing to serve the others",
      {
        flags: {
          f: {
            state: "ENABLED",
            variants: { a: "a", b: "b" },
            defaultVariant: "a",
            onVariants: ["a"],
            strategy: { type: "percentage", percentage: 1 },
          },
        },
      },
      "/flags/f/defaultVariant",
    ],
    [
      "a prerequisite that can never be on",
      { flags: { f: { ...flag, prerequisites: ["g"] }, g: { state: "ENABLED", variants: { a: "a" } } } },
      "/flags/f/prerequisites/0",
    ],
    ["a flag that needs itself", { flags: { f: { ...flag, prerequisites: ["f"] } } }, "/flags/f/prerequisites"],
    [
      "flags that need each other",
      { flags: { f: { ...flag, prerequisites: ["g"] }, g: { ...flag, prerequisites: ["f"] } } },
      "/flags/f/prerequisites",
    ],
    [
      "evaluators that refer to each other",
      {
        flags: { f: { ...flag, targeting: { $ref: "a" } } },
        $evaluators: { a: { if: [true, { $ref: "b" }] }, b: { "!": { $ref: "a" } } },
      },
      "/$evaluators/a",
    ],
    [
      "weights over flagd's limit",
      {
        flags: {
          f: {
            ...flag,
            targeting: {
              fractional: [
                ["on", 2_147_483_647],
                ["off", 1],
              ],
            },
          },
        },
      },
      "/flags/f/targeting/fractional",
    ],
    [
      "a name that stands for inheritance",
      { flags: JSON.parse(`{"__proto__": ${JSON.stringify(flag)}}`) },
      "/flags/__proto__",
    ],
    [
      "a variant named so",
      { flags: { f: { state: "ENABLED", variants: { constructor: true } } } },
      "/flags/f/variants/constructor",
    ],
    [
      "a value named so",
      { flags: { f: { state: "ENABLED", variants: { o: JSON.parse('{"a": {"__proto__": 1}}') } } } },
      "/flags/f/variants/o",
    ],
    ["an empty flag key", { flags: { "": flag } }, "/flags/"],
    ["a key of a megabyte", { flags: { ["k".repeat(1_000_000)]: flag } }, `/flags/${"k".repeat(1_000_000)}`],
  ];

  test.each(cases)("%s", (_, input, pointer) => {
    expect(pointers(input)).toContain(pointer);
  });

  test("targeting that nests too deeply", () => {
    let targeting: object = { var: "x" };
    for (let i = 0; i < 100_000; i += 1) targeting = { "!": targeting };
    expect(pointers({ flags: { f: { ...flag, targeting } } })).toHaveLength(1);
  });

  test("an object value that nests too deeply, or in itself", () => {
    const value: Record<string, unknown> = {};
    value["self"] = value;
    expect(pointers({ flags: { f: { state: "ENABLED", variants: { o: value } } } })).toEqual(["/flags/f/variants/o"]);
  });

  test("references that multiply into more than anyone could evaluate", () => {
    const evaluators: Record<string, object> = { e0: { var: "x" } };
    for (let i = 1; i <= 60; i += 1) evaluators[`e${i}`] = { and: [{ $ref: `e${i - 1}` }, { $ref: `e${i - 1}` }] };
    const found = pointers({ flags: { f: { ...flag, targeting: { $ref: "e60" } } }, $evaluators: evaluators });
    expect(found).toContain("/flags/f");
  });

  test("too many flags", () => {
    const flags = Object.fromEntries(Array.from({ length: limits.flags + 1 }, (_, index) => [`f${index}`, flag]));
    expect(pointers({ flags })).toEqual(["/flags"]);
  });

  test("a long chain of prerequisites", () => {
    const flags = Object.fromEntries(
      Array.from({ length: 5_000 }, (_, i) => [`f${i}`, i === 0 ? flag : { ...flag, prerequisites: [`f${i - 1}`] }]),
    );
    expect(pointers({ flags })).toContain("/flags/f65/prerequisites");
  });

  test("endless faults, of which the first thousand are listed", () => {
    const flags = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`f${i}`, 0]));
    const faults = faultsOf({ flags });
    expect([faults.length, faults.at(-1)]).toEqual([1_001, { pointer: "", code: "more", details: [4_000] }]);
  });
});

describe("warns of, and loads as flagd does,", () => {
  const cases: readonly (readonly [string, object, string])[] = [
    ["an unknown operator", { if: [{ is_member: ["x"] }, "on"] }, "/flags/f/targeting/if/0"],
    ["an unknown reference", { if: [{ $ref: "gone" }, "on"] }, "/flags/f/targeting/if/0/$ref"],
    ["two operators at once", { "==": [1, 1], "!=": [1, 2] }, "/flags/f/targeting"],
    ["a comparison with one operand", { "==": [1] }, "/flags/f/targeting/=="],
    [
      "a weight that is no integer",
      {
        fractional: [
          ["on", 0.5],
          ["off", 1],
        ],
      },
      "/flags/f/targeting/fractional/0/1",
    ],
    [
      "a weight below zero",
      {
        fractional: [
          ["on", -5],
          ["off", 1],
        ],
      },
      "/flags/f/targeting/fractional/0/1",
    ],
    ["a key that is everybody's", { fractional: ["email", ["off", 1]] }, "/flags/f/targeting/fractional/0"],
    ["a text operator on a number", { if: [{ starts_with: [7, "a"] }, "on"] }, "/flags/f/targeting/if/0"],
    ["a remainder of nothing", { if: [{ "%": [1] }, "on"] }, "/flags/f/targeting/if/0"],
    ["an arm that is no pair", { fractional: [["on", 1, 1]] }, "/flags/f/targeting/fractional/0"],
    ["weights that are all zero", { fractional: [["on", 0]] }, "/flags/f/targeting/fractional"],
    ["a version that is none", { sem_ver: [{ var: "v" }, "=", "newest"] }, "/flags/f/targeting/sem_ver"],
    ["an attribute flagd does not add", { "==": [{ var: "$flagd.now" }, 1] }, "/flags/f/targeting/==/0/var"],
  ];

  test.each(cases)("%s", (_, targeting, pointer) => {
    const result = compile({ flags: { f: { ...flag, targeting } } });
    expect(result).toMatchObject({ ok: true, warnings: [{ pointer }] });
    if (result.ok) expect(evaluate(result.compiled, "f", { targetingKey: "u" }, 0).value).not.toBe(true);
  });
});

test("answers are frozen and do not share the caller's objects", () => {
  const value = { model: "mini", tags: ["a"] };
  const result = compile({ flags: { f: { state: "ENABLED", variants: { v: value }, defaultVariant: "v" } } });
  value.model = "changed";
  if (!result.ok) throw new Error("does not compile");
  const evaluation = evaluate(result.compiled, "f", {}, 0);
  expect(evaluation.value).toEqual({ model: "mini", tags: ["a"] });
  expect(Object.isFrozen(evaluation)).toBe(true);
  expect(() => Object.assign(evaluation.value ?? {}, { model: "other" })).toThrow(TypeError);
  expect(evaluate(result.compiled, "f", {}, 1)).toBe(evaluation);
});

test("says what is known of a flag without asking it", () => {
  const result = compile({
    flags: {
      ramp: { ...flag, strategy: { type: "progressive", start: "2026-01-01T00:00:00Z", end: "2026-01-02T00:00:00Z" } },
      child: { ...flag, defaultVariant: "on", prerequisites: ["ramp"], locked: "completed" },
      mode: {
        state: "ENABLED",
        variants: { off: "off", block: "block" },
        defaultVariant: "off",
        onVariants: ["block"],
      },
    },
  });
  if (!result.ok) throw new Error("does not compile");
  const { flags } = result.compiled;
  expect(flags.get("ramp")).toMatchObject({
    type: "boolean",
    onVariants: ["on"],
    offVariant: "off",
    safeVariant: "off",
    isTimed: true,
    locked: undefined,
  });
  expect(flags.get("child")).toMatchObject({
    offVariant: "off",
    safeVariant: "off",
    isTimed: true,
    locked: "completed",
    prerequisites: ["ramp"],
  });
  expect(flags.get("mode")).toMatchObject({
    type: "string",
    onVariants: ["block"],
    offVariant: "off",
    safeVariant: "off",
    isTimed: false,
  });
});
