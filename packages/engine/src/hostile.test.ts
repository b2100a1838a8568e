// Whatever is loaded, compiling answers with a set or with faults, and a set that compiles answers every question.
import { compile, evaluate } from "@dimmer/engine";
import { describeFault } from "@dimmer/engine/faults";
import { explain } from "@dimmer/engine/explain";
import { lower } from "@dimmer/engine/lower";
import { expandShortForm } from "@dimmer/engine/short-form";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzz } from "../test/fuzz.ts";

const numRuns = 500;

const operator = fc.constantFrom(
  ..."var missing missing_some if == === != !== > >= < <= % / * + - max min merge cat substr in ! !! or and map filter reduce all none some fractional sem_ver starts_with ends_with $ref nonsense".split(
    " ",
  ),
);
const scalar = fc.oneof(
  fc.constantFrom("a", "b", "list", "$flagd.timestamp", "", "__proto__", "1.2.3", "=", null, true, 0, -1, 0.5, 2 ** 31),
  fc.string(),
  fc.double(),
);
const { logic } = fc.letrec<{ logic: unknown }>((tie) => ({
  logic: fc.oneof(
    { depthSize: "medium" },
    scalar,
    fc.array(tie("logic"), { maxLength: 4 }),
    fc.tuple(operator, fc.array(tie("logic"), { maxLength: 4 })).map(([name, args]) => ({ [name]: args })),
    fc.tuple(operator, tie("logic")).map(([name, arg]) => ({ [name]: arg })),
  ),
}));
const soundFlag = fc.record(
  {
    state: fc.constantFrom("ENABLED", "ENABLED", "DISABLED"),
    variants: fc.constant({ a: true, b: false }),
    defaultVariant: fc.constantFrom("a", "b", null),
    targeting: fc.tuple(operator, fc.array(logic, { maxLength: 4 })).map(([name, args]) => ({ [name]: args })),
    strategy: fc.constantFrom(
      { type: "percentage", percentage: 50, stickiness: "a" },
      { type: "canary", users: ["a"] },
    ),
    prerequisites: fc.constantFrom([], ["f"]),
  },
  { requiredKeys: ["state", "variants"] },
);
const oddFlag = fc.record({
  state: fc.constantFrom("ENABLED", "x"),
  variants: fc.oneof(fc.constantFrom({ a: true, b: false }, { a: "a" }, { a: { deep: [1] } }, {}), fc.jsonValue()),
  defaultVariant: fc.oneof(fc.constantFrom("a", "c"), fc.jsonValue()),
  targeting: logic,
  strategy: fc.jsonValue(),
  prerequisites: fc.oneof(fc.subarray(["f", "g", "h"]), fc.jsonValue()),
  onVariants: fc.jsonValue(),
  metadata: fc.jsonValue(),
});
const evaluators = fc.record({ a: logic, b: logic }, { requiredKeys: [] });
const set = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({ flags: fc.record({ g: soundFlag, h: soundFlag }), $evaluators: evaluators })
      .map((file) => ({ ...file, flags: { f: { state: "ENABLED", variants: { a: true } }, ...file.flags } })),
  },
  {
    weight: 2,
    arbitrary: fc.record({ flags: fc.record({ f: oddFlag, g: soundFlag, h: oddFlag }), $evaluators: evaluators }),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
  {
    weight: 1,
    arbitrary: fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withTypedArray: true,
    }),
  },
);
const context = fc.dictionary(
  fc.constantFrom("a", "b", "list", "targetingKey", "$flagd", "constructor"),
  fc.oneof(fc.jsonValue(), fc.anything()),
);

test("compiling never throws, and evaluating what compiled never throws", () => {
  let sets = 0;
  let compiledSets = 0;
  fuzz(
    "hostile sets",
    fc.property(set, context, fc.double(), (input, given, nowMs) => {
      sets += 1;
      const result = compile(input);
      if (!result.ok) {
        expect(result.faults.length).toBeGreaterThan(0);
        for (const { message, fix } of result.faults.map(describeFault)) {
          expect([message, fix].every((text) => text !== "" && !/undefined|NaN|\[object/.test(text))).toBe(true);
        }
        return;
      }
      compiledSets += 1;
      for (const key of [...result.compiled.keys, "unknown"]) {
        const evaluation = evaluate(result.compiled, key, given, nowMs);
        expect(evaluation.flagKey).toBe(key);
        expect(explain(result.compiled, key, given, nowMs).evaluation).toEqual(evaluation);
      }
      expect(() => lower(result.compiled)).not.toThrow();
    }),
    numRuns,
  );
  expect(compiledSets).toBeGreaterThan(sets / 20);
});

test("the short form takes anything too", () => {
  fuzz(
    "hostile short forms",
    fc.property(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.anything()), (input) => {
      const result = expandShortForm(input);
      if (result.ok) expect(compile(result.definitions).ok).toBe(true);
      else expect(result.faults.length).toBeGreaterThan(0);
    }),
    numRuns,
  );
});
