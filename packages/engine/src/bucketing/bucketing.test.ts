import { compile, evaluate, type CompiledFlagSet } from "@dimmer/engine";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flagdV2 } from "./flagd-v2.ts";
import { splitOf } from "./split.ts";

const bucketings = ["flagd-v2", "flagd-v1"] as const;
const booleanFlag = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };

function compiled(flags: object, bucketing: string): CompiledFlagSet {
  const result = compile({ bucketing, flags });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return result.compiled;
}

/** Chi-squared of observed counts against equal shares. */
function chiSquared(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

test("the split multiply is exact for every hash and total", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 2_147_483_647 }), (hash, total) => {
      expect(flagdV2.bucket(hash, total)).toBe(Number((BigInt(hash >>> 0) * BigInt(total)) >> 32n));
    }),
    { numRuns: 5_000 },
  );
});

test("the largest and the smallest hash land in the last and the first arm", () => {
  const split = splitOf(flagdV2, [1, 2_147_483_645, 1]);
  expect([split?.armOf(0), split?.armOf(-1), split?.armOf(0x7fffffff)]).toEqual([0, 2, 1]);
});

describe.each(bucketings)("%s", (bucketing) => {
  test("raising a percentage never drops anyone who was in", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100_000 }),
        fc.integer({ min: 0, max: 100_000 }),
        fc.string(),
        (a, b, targetingKey) => {
          const [less, more] = [Math.min(a, b) / 1_000, Math.max(a, b) / 1_000];
          const served = [less, more].map((percentage) => {
            const set = compiled({ f: { ...booleanFlag, strategy: { type: "percentage", percentage } } }, bucketing);
            return evaluate(set, "f", { targetingKey }, 0).value;
          });
          if (served[0] === true) expect(served[1]).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a ramp never drops anyone who was in", () => {
    const strategy = { type: "progressive", start: "2026-01-01T00:00:00Z", end: "2026-01-08T00:00:00Z" };
    const set = compiled({ f: { ...booleanFlag, strategy } }, bucketing);
    const start = Date.parse(strategy.start);
    const span = Date.parse(strategy.end) - start;
    for (let user = 0; user < 200; user += 1) {
      let wasIn = false;
      for (let step = -1; step <= 101; step += 1) {
        const isIn = evaluate(set, "f", { targetingKey: `user-${user}` }, start + (span * step) / 100).value === true;
        expect(wasIn && !isIn).toBe(false);
        wasIn = isIn;
      }
      expect(wasIn).toBe(true);
    }
  });

  test("a four-way split is uniform, whether keys count up or are random", () => {
    const variants = { a: "a", b: "b", c: "c", d: "d" };
    const targeting = { fractional: Object.keys(variants).map((name) => [name, 1]) };
    const set = compiled({ f: { state: "ENABLED", variants, targeting } }, bucketing);
    const counts = new Map(Object.keys(variants).map((name) => [name, 0]));
    for (let user = 0; user < 40_000; user += 1) {
      const { variant = "" } = evaluate(set, "f", { targetingKey: `user-${user}` }, 0);
      counts.set(variant, (counts.get(variant) ?? 0) + 1);
    }
    // 16.3 is the 0.1 % point of chi-squared with 3 degrees of freedom.
    expect(chiSquared([...counts.values()])).toBeLessThan(16.3);
  });

  test("two flags split the same users independently", () => {
    const strategy = { type: "percentage", percentage: 50 };
    const set = compiled({ first: { ...booleanFlag, strategy }, second: { ...booleanFlag, strategy } }, bucketing);
    const counts = [0, 0, 0, 0];
    for (let user = 0; user < 40_000; user += 1) {
      const context = { targetingKey: `user-${user}` };
      const cell =
        (evaluate(set, "first", context, 0).value === true ? 2 : 0) +
        (evaluate(set, "second", context, 0).value === true ? 1 : 0);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
    expect(chiSquared(counts)).toBeLessThan(16.3);
  });

  test("a user keeps the answer by the stickiness attribute, whoever is logged in", () => {
    const strategy = { type: "percentage", percentage: 50, stickiness: "conversation" };
    const set = compiled({ f: { ...booleanFlag, strategy } }, bucketing);
    for (let i = 0; i < 100; i += 1) {
      const answers = ["ann", "bob", undefined].map(
        (targetingKey) => evaluate(set, "f", { targetingKey, conversation: `c-${i}` }, 0).value,
      );
      expect(new Set(answers).size).toBe(1);
    }
  });

  test("keys of any length and script are bucketed", () => {
    const set = compiled({ f: { ...booleanFlag, targeting: { fractional: [["on", 1]] } } }, bucketing);
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 3_000, unit: "binary" }), (targetingKey) => {
        expect(evaluate(set, "f", { targetingKey }, 0).variant).toBe("on");
      }),
    );
  });
});
