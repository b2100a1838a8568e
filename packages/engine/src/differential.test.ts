// The reference implementation of flagd in JavaScript and this engine answer alike. Keys are ASCII, because the
// reference hashes UTF-16 units where flagd hashes UTF-8; operands of comparisons are of kinds that compare, because
// the reference gives up on others where JsonLogic says false. `cat` and `all` get no missing value: the reference's
// compiled form writes "null" and says true, its interpreted form, JsonLogic and this engine write nothing and say false.
// And only the left side of a comparison is computed: the reference's compiled form loses a missing left value else.
import { FlagdCore } from "@openfeature/flagd-core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fuzz } from "../test/fuzz.ts";
import { compile, evaluate } from "@dimmer/engine";

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} };
const callerDefault = "caller's default";

const text = fc.constantFrom("a", "b", "abc", "xyz", "", "US");
const integer = fc.integer({ min: -5, max: 50 });
const asciiKey = fc.string({ unit: "binary-ascii", maxLength: 40 });
const version = fc.oneof(
  fc
    .tuple(fc.nat(12), fc.nat(3), fc.nat(3), fc.constantFrom("", "", "-alpha", "-alpha.1", "-1", "+build"))
    .map(([a, b, c, rest]) => `${a}.${b}.${c}${rest}`),
  fc.constantFrom("v1.2.3", "1", "1.2", "nonsense", "1.2.3.4", "01.2.3"),
);
const context = fc.record(
  {
    targetingKey: asciiKey,
    n: integer,
    s: text,
    list: fc.array(integer, { maxLength: 5 }),
    version,
    user: fc.record({ name: asciiKey }),
  },
  { requiredKeys: ["s", "list"] },
);

const { condition, variant } = fc.letrec<{ condition: unknown; number: unknown; variant: unknown }>((tie) => ({
  number: fc.oneof(
    { depthSize: "small" },
    integer,
    fc.constant({ var: "n" }),
    fc.tuple(fc.constantFrom("+", "-", "*"), tie("number"), tie("number")).map(([op, a, b]) => ({ [op]: [a, b] })),
    tie("number").map((a) => ({ "%": [a, 7] })),
    fc.constant({ var: ["list.1", 3] }),
  ),
  condition: fc.oneof(
    { depthSize: "small" },
    fc.boolean(),
    fc
      .tuple(fc.constantFrom("==", "!=", "===", "!==", "<", ">"), text)
      .map(([op, value]) => ({ [op]: [{ var: "s" }, value] })),
    fc
      .tuple(fc.constantFrom("==", "!=", "<", "<=", ">", ">="), tie("number"), integer)
      .map(([op, a, b]) => ({ [op]: [a, b] })),
    fc.tuple(integer, integer).map(([a, b]) => ({ "<": [a, { var: ["n", 3] }, b] })),
    fc.array(text, { minLength: 1, maxLength: 8 }).map((list) => ({ in: [{ var: "s" }, list] })),
    fc.constantFrom("a", "bc", "x").map((part) => ({ in: [part, { cat: [{ var: "s" }, "bc"] }] })),
    fc.tuple(fc.constantFrom("starts_with", "ends_with"), text).map(([op, part]) => ({ [op]: [{ var: "s" }, part] })),
    fc
      .tuple(version, fc.constantFrom("=", "!=", "<", "<=", ">", ">=", "^", "~"))
      .map(([bound, op]) => ({ sem_ver: [{ var: "version" }, op, bound] })),
    fc
      .tuple(fc.constantFrom("and", "or"), fc.array(tie("condition"), { minLength: 1, maxLength: 3 }))
      .map(([op, list]) => ({ [op]: list })),
    fc.tuple(fc.constantFrom("!", "!!"), tie("condition")).map(([op, inner]) => ({ [op]: [inner] })),
    fc.subarray(["n", "s", "user.name", "nothing"], { minLength: 1 }).map((names) => ({ missing: names })),
    fc.subarray(["n", "s", "user.name"], { minLength: 1 }).map((names) => ({ missing_some: [1, names] })),
    fc
      .tuple(fc.constantFrom("some", "all", "none"), integer)
      .map(([op, n]) => ({ [op]: [{ var: "list" }, { ">": [{ var: "" }, n] }] })),
    integer.map((n) => ({
      "===": [{ reduce: [{ var: "list" }, { "+": [{ var: "current" }, { var: "accumulator" }] }, 0] }, n],
    })),
    integer.map((n) => ({ filter: [{ var: "list" }, { "<": [{ var: "" }, n] }] })),
    fc.constant({ merge: [{ map: [{ var: "list" }, { "*": [{ var: "" }, 2] }] }, []] }),
  ),
  variant: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom("a", "b", "c", null, true, false, "unknown"),
    fc.tuple(tie("condition"), tie("variant"), tie("variant")).map((args) => ({ if: args })),
    fc
      .array(fc.tuple(fc.constantFrom("a", "b", "c", null), fc.integer({ min: -2, max: 1_000 })), {
        minLength: 1,
        maxLength: 4,
      })
      .map((pairs) => ({ fractional: pairs })),
    fc
      .tuple(
        fc.constantFrom({ var: "user.name" }, { cat: [{ var: "$flagd.flagKey" }, { var: "s" }] }),
        tie("variant"),
        tie("number"),
      )
      .map(([key, arm, weight]) => ({
        fractional: [key, [arm, weight], ["b", 50]],
      })),
    fc.constantFrom({ substr: ["abc", 0, 1] }, { substr: ["abc", -1] }, { var: "s" }, { $ref: "shared" }),
  ),
}));

/** A bare value is no targeting. */
function asRule(logic: unknown): unknown {
  return typeof logic === "object" && logic !== null ? logic : { if: [true, logic, null] };
}

function reference(definitions: object, key: string, given: Record<string, unknown>): unknown {
  const core = new FlagdCore(undefined, quiet);
  core.setConfigurations(JSON.stringify(definitions));
  // The reference takes OpenFeature's context type; every context here is JSON, which that is.
  const {
    value,
    variant: name,
    reason,
    errorCode,
  } = core.resolveStringEvaluation(key, callerDefault, JSON.parse(JSON.stringify(given)), quiet);
  return { value, variant: name, reason, errorCode };
}

function ours(definitions: object, key: string, given: Record<string, unknown>): unknown {
  const result = compile(definitions);
  if (!result.ok) return result.faults;
  const { value, variant: name, reason, errorCode } = evaluate(result.compiled, key, given, 0);
  return { value: value ?? callerDefault, variant: name, reason, errorCode };
}

test("answers as the reference does", () => {
  const definitions = fc
    .record({ targeting: variant, shared: condition, defaultVariant: fc.constantFrom("a", "b", null) })
    .map(({ targeting, shared, defaultVariant }) => ({
      flags: {
        "the-flag": {
          state: "ENABLED",
          variants: { a: "A", b: "B", c: "C", true: "T", false: "F" },
          defaultVariant,
          targeting: asRule(targeting),
        },
      },
      $evaluators: { shared: asRule(shared) },
    }));
  fuzz(
    "flagd's evaluator",
    fc.property(definitions, fc.array(context, { minLength: 5, maxLength: 10 }), (set, contexts) => {
      for (const given of contexts) expect(ours(set, "the-flag", given)).toEqual(reference(set, "the-flag", given));
    }),
    300,
  );
});

test("differs from the reference where that hashes UTF-16 units: flagd hashes UTF-8", () => {
  const definitions = {
    flags: {
      f: {
        state: "ENABLED",
        variants: { a: "A", b: "B" },
        defaultVariant: "a",
        targeting: { fractional: [{ var: "name" }, ["a", 70], ["b", 30]] },
      },
    },
  };
  // murmur3 of "José" is 3422137460 over UTF-8 and 2782651719 over UTF-16 units: buckets 79 and 64 of 100.
  expect(ours(definitions, "f", { name: "José" })).toMatchObject({ variant: "b" });
  expect(reference(definitions, "f", { name: "José" })).toMatchObject({ variant: "a" });
});
