// What is handed to flagd's clients is what flagd's published schemas ask for, not only what its evaluators forgive.
import { compile } from "@dimmer/engine";
import { lower } from "@dimmer/engine/lower";
import { MemoryStorage } from "@openfeature/flagd-core";
import fc from "fast-check";
import { expect, test } from "vitest";

const silent = { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined };

/** Throws what flagd's schemas find wrong with a definition. */
function validate(definitions: object): void {
  new MemoryStorage(silent).setConfigurations(JSON.stringify(definitions), true);
}

const sticky = fc.constantFrom({}, { stickiness: "tenant" }, { stickiness: "user.id" });
const percentage = fc.constantFrom(0, 0.001, 12.5, 99.999, 100);
const strategy = fc.oneof(
  fc.constant({ type: "all-at-once" }),
  fc.tuple(percentage, sticky).map(([share, by]) => ({ type: "percentage", percentage: share, ...by })),
  fc.tuple(fc.constantFrom({}, { start: "2026-03-01T00:00:00Z" }), sticky).map(([from, by]) => ({
    type: "progressive",
    end: "2026-03-09T00:00:00Z",
    ...from,
    ...by,
  })),
  fc.tuple(percentage, fc.subarray(["users", "regions"])).map(([share, lists]) => ({
    type: "canary",
    percentage: share,
    attributes: { plan: ["pro", 1, true], "user.id": ["ann"] },
    ...Object.fromEntries(lists.map((name) => [name, ["one", "two"]])),
  })),
);
const targeting = fc.constantFrom(
  {},
  { if: [{ "==": [{ var: "plan" }, "pro"] }, "on", null] },
  { if: [{ $ref: "shared" }, "off"] },
  {
    fractional: [
      ["on", 1],
      ["off", 3],
    ],
  },
);

function flagNeeding(prerequisites: readonly string[]): fc.Arbitrary<object> {
  const optional = fc.record({ strategy, targeting, prerequisites: fc.constant(prerequisites) }, { requiredKeys: [] });
  const state = fc.constantFrom("ENABLED", "ENABLED", "DISABLED");
  return fc.tuple(optional, state, fc.constantFrom("off", null)).map(([rest, is, defaultVariant]) => ({
    state: is,
    variants: { on: true, off: false },
    safeVariant: "off",
    owner: "shop",
    defaultVariant,
    ...rest,
  }));
}

test("a lowered set is what flagd's schemas ask for", () => {
  const set = fc.record({
    bucketing: fc.constantFrom("flagd-v2", "flagd-v1"),
    metadata: fc.constant({ flagSetId: "shop" }),
    flags: fc.record({ a: flagNeeding([]), b: flagNeeding(["a"]), c: flagNeeding(["b", "a"]) }),
    $evaluators: fc.constant({ shared: { "==": [{ var: "region" }, "eu"] } }),
  });
  fc.assert(
    fc.property(set, (definitions) => {
      const result = compile(definitions);
      if (!result.ok) throw new Error(JSON.stringify(result.faults));
      validate(lower(result.compiled));
    }),
    { numRuns: 300 },
  );
});

test("the schemas are asked at all", () => {
  expect(() => validate({ flags: { a: { state: "ENABLED", variants: { on: 1, off: false } } } })).toThrow("invalid");
});
