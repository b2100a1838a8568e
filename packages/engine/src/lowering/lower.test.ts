// What a client that knows only flagd makes of a lowered set is what the set itself says. Such a client is played by
// the engine on plain definitions, which differential.test.ts holds against flagd's own implementation.
import { compile, evaluate, type CompiledFlagSet } from "@dimmer/engine";
import { lower } from "@dimmer/engine/lower";
import { overlay } from "@dimmer/engine/overlay";
import { FlagdCore } from "@openfeature/flagd-core";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { fuzz } from "../../test/fuzz.ts";

function compiled(input: object): CompiledFlagSet {
  const result = compile(input);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  expect(result.warnings).toEqual([]);
  return result.compiled;
}

const start = Date.parse("2026-03-01T00:00:00Z");
const end = Date.parse("2026-03-08T06:07:08Z");
const stickiness = fc.constantFrom({}, {}, { stickiness: "tenant" }, { stickiness: "user.id" });
const percentage = fc.oneof(
  fc.constantFrom(0, 100),
  fc.integer({ min: 0, max: 100_000 }).map((units) => units / 1_000),
);
const strategy = fc.oneof(
  fc.constant({ type: "all-at-once" }),
  fc.tuple(percentage, stickiness).map(([share, sticky]) => ({ type: "percentage", percentage: share, ...sticky })),
  fc.tuple(fc.constantFrom({}, { start: new Date(start).toISOString() }), stickiness).map(([begin, sticky]) => ({
    type: "progressive",
    end: new Date(end).toISOString(),
    ...begin,
    ...sticky,
  })),
  fc.tuple(percentage, stickiness).map(([share, sticky]) => ({
    type: "canary",
    users: ["ann", "bob"],
    regions: ["eu"],
    attributes: { plan: ["pro", 7], "user.id": [3] },
    percentage: share,
    ...sticky,
  })),
);
const condition = fc.constantFrom(
  { "===": [{ var: "plan" }, "pro"] },
  { "==": [{ var: "$flagd.flagKey" }, "b"] },
  { ">=": [{ var: "$flagd.timestamp" }, start / 1_000 + 1_000] },
  {
    fractional: [
      [true, 1],
      [false, 1],
    ],
  },
  { some: [{ var: "list" }, { ">": [{ var: "" }, 1] }] },
  { $ref: "shared" },
);
const outcome = fc.oneof(
  fc.constantFrom("on", "off", null, true, false, "nowhere"),
  fc.constantFrom(
    {
      fractional: [
        ["on", 30],
        ["off", 70],
      ],
    },
    { fractional: [{ var: "tenant" }, ["on", 1], [null, 1]] },
    {
      fractional: [
        ["on", 1],
        [null, 1],
      ],
    },
    { $ref: "choice" },
  ),
);
const targeting = fc.oneof(
  fc.tuple(condition, outcome, outcome).map((args) => ({ if: args })),
  fc.tuple(condition, outcome, condition, outcome).map(([a, b, c, d]) => ({ if: [a, b, { if: [c, d, null] }] })),
  fc.constantFrom(
    {
      fractional: [
        ["on", 30],
        ["off", 70],
      ],
    },
    {
      fractional: [
        ["on", 1],
        [null, 2],
      ],
    },
  ),
);
const booleanFlag = fc
  .record(
    {
      strategy,
      targeting,
      defaultVariant: fc.constantFrom("on", "off", null),
      state: fc.constantFrom("ENABLED", "ENABLED", "ENABLED", "DISABLED"),
    },
    { requiredKeys: ["state"] },
  )
  .map((members) => ({ variants: { on: true, off: false }, ...members }));

/** a, b, c, d: each may need those before it. */
const flags = fc
  .tuple(booleanFlag, booleanFlag, booleanFlag, booleanFlag, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }))
  .map(([a, b, c, d, edges]) => ({
    a,
    b: { ...b, prerequisites: edges[0] === true ? ["a"] : [] },
    c: { ...c, prerequisites: ["a", "b"].filter((_, index) => edges[index + 1] === true) },
    d: { ...d, prerequisites: ["a", "b", "c"].filter((_, index) => edges[index + 3] === true) },
  }));
const definitions = fc.record({ flags, bucketing: fc.constantFrom("flagd-v2", "flagd-v1") }).map((set) => ({
  ...set,
  metadata: { team: "x" },
  $evaluators: {
    shared: { "!=": [{ var: "$flagd.flagKey" }, "c"] },
    choice: {
      if: [
        { var: "beta" },
        "on",
        {
          fractional: [
            ["on", 1],
            ["off", 3],
          ],
        },
      ],
    },
  },
}));

const key = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom("ann", "bob", "José", "日本語"), fc.integer());
const context = fc.record(
  {
    targetingKey: key as fc.Arbitrary<string>,
    tenant: fc.oneof(key, fc.boolean()),
    region: fc.constantFrom("eu", "us"),
    plan: fc.constantFrom("pro", "free", 7),
    beta: fc.boolean(),
    list: fc.array(fc.nat(3)),
    user: fc.record({ id: fc.nat(5) }),
  },
  { requiredKeys: [] },
);
const nowMs = fc.oneof(
  fc.integer({ min: start - 5_000, max: end + 5_000 }),
  fc.constantFrom(start, end, start + 999, end - 1),
);

test("a lowered set gives every context the same value at every time", () => {
  const asked = fc.array(fc.tuple(context, nowMs), { minLength: 20, maxLength: 20 });
  const overlays = fc.record({
    killed: fc.subarray(["a", "c"], { maxLength: 1 }),
    overridden: fc.subarray(["a", "b", "d"], { maxLength: 1 }),
    value: fc.boolean(),
  });
  fuzz(
    "lowered sets",
    fc.property(definitions, overlays, asked, (set, { killed, overridden, value }, questions) => {
      const overrides = new Map(overridden.map((name) => [name, value]));
      const own = overlay(compiled(set), { killedFlags: new Set(killed), overrides }).compiled;
      const lowered = compiled({ ...JSON.parse(JSON.stringify(lower(own))), bucketing: set.bucketing });
      for (const [given, at] of questions) {
        for (const name of own.keys) {
          const { value: wanted, metadata } = evaluate(own, name, given, at);
          expect(evaluate(lowered, name, given, at)).toMatchObject({ value: wanted, metadata });
        }
      }
    }),
    // 1,250 sets × 20 contexts and times × 4 flags: 100,000 questions.
    1_250,
  );
});

test("flagd's own implementation gives the same values", () => {
  const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
  const asciiKey = fc.string({ unit: "grapheme-ascii", maxLength: 12 });
  const plain = fc.record(
    {
      targetingKey: asciiKey,
      tenant: asciiKey,
      region: fc.constantFrom("eu", "us"),
      plan: fc.constantFrom("pro", "free", 7),
      beta: fc.boolean(),
      list: fc.constant([1, 2]),
      user: fc.record({ id: fc.nat(5) }),
    },
    { requiredKeys: ["list"] },
  );
  vi.useFakeTimers();
  fc.assert(
    fc.property(definitions, fc.array(fc.tuple(plain, nowMs), { minLength: 5, maxLength: 5 }), (set, questions) => {
      const own = compiled({ ...set, bucketing: "flagd-v2" });
      const reference = new FlagdCore(undefined, quiet);
      reference.setConfigurations(JSON.stringify(lower(own)));
      for (const [given, at] of questions) {
        vi.setSystemTime(at);
        for (const name of own.keys) {
          const values = [true, false].map(
            (fallback) =>
              reference.resolveBooleanEvaluation(name, fallback, JSON.parse(JSON.stringify(given)), quiet).value,
          );
          const { value } = evaluate(own, name, given, at);
          expect(values).toEqual(value === undefined ? [true, false] : [value, value]);
        }
      }
    }),
    { numRuns: 100 },
  );
  vi.useRealTimers();
});

test("nothing of Dimmer's own is left", () => {
  const set = compiled({
    setId: "s",
    version: 1,
    flags: {
      a: {
        state: "ENABLED",
        variants: { on: true, off: false },
        defaultVariant: "off",
        strategy: { type: "percentage", percentage: 12.5 },
        owner: "x",
        locked: "y",
        safeVariant: "off",
      },
      b: { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "on", prerequisites: ["a"] },
    },
  });
  expect(lower(set)).toEqual({
    flags: {
      a: {
        state: "ENABLED",
        variants: { on: true, off: false },
        defaultVariant: "off",
        targeting: {
          fractional: [
            ["on", 12_500],
            ["off", 87_500],
          ],
        },
      },
      b: {
        state: "ENABLED",
        variants: { on: true, off: false },
        defaultVariant: "on",
        targeting: {
          if: [
            {
              in: [
                {
                  fractional: [
                    { if: [{ var: "targetingKey" }, { cat: ["a", { var: "targetingKey" }] }, null] },
                    ["on", 12_500],
                    ["off", 87_500],
                  ],
                },
                ["on"],
              ],
            },
            "on",
            "off",
          ],
        },
      },
    },
  });
});
