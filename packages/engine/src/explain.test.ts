import { compile, evaluate } from "@dimmer/engine";
import { explain } from "@dimmer/engine/explain";
import { overlay } from "@dimmer/engine/overlay";
import { expect, test } from "vitest";

const flag = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };
const result = compile({
  flags: {
    master: { ...flag, targeting: { if: [{ var: "master" }, "on", "off"] } },
    child: { ...flag, prerequisites: ["master"], strategy: { type: "canary", users: ["ann"], percentage: 50 } },
    ruled: {
      ...flag,
      targeting: {
        if: [{ "==": [{ var: "country" }, "US"] }, { $ref: "quarters" }, { if: [{ var: "beta" }, "on", null] }],
      },
    },
    plain: flag,
    disabled: { ...flag, state: "DISABLED" },
    broken: { ...flag, targeting: { if: [true, "nowhere"] } },
  },
  $evaluators: {
    quarters: {
      fractional: [
        ["on", 1],
        ["off", 3],
      ],
    },
  },
});
if (!result.ok) throw new Error(JSON.stringify(result.faults));
const { compiled } = result;

test("tells which condition held and which bucket decided, with its boundaries", () => {
  const { decidedBy, steps, evaluation } = explain(compiled, "ruled", { targetingKey: "user-1", country: "US" }, 0);
  expect(decidedBy).toBe("targeting");
  expect(steps).toEqual([
    { kind: "condition", pointer: "/flags/ruled/targeting/if/0", holds: true },
    {
      kind: "split",
      pointer: "/$evaluators/quarters/fractional",
      key: "user-1",
      bucket: expect.any(Number),
      arms: [
        { from: 0, to: 1 },
        { from: 1, to: 4 },
      ],
      arm: expect.any(Number),
    },
  ]);
  const [, split] = steps;
  if (split?.kind !== "split") throw new Error("no split");
  const arm = split.arms[split.arm];
  expect(arm !== undefined && split.bucket >= arm.from && split.bucket < arm.to).toBe(true);
  expect(evaluation.variant).toBe(["on", "off"][split.arm]);
});

test("tells that the default was served because no rule gave a variant", () => {
  expect(explain(compiled, "ruled", { targetingKey: "user-1" }, 0)).toMatchObject({
    decidedBy: "default",
    steps: [{ holds: false }, { pointer: "/flags/ruled/targeting/if/2/if/0", holds: false }],
  });
});

test("tells which prerequisite failed, and stops there", () => {
  expect(explain(compiled, "child", { targetingKey: "ann" }, 0)).toMatchObject({
    decidedBy: "prerequisite",
    steps: [{ kind: "prerequisite", flagKey: "master", variant: "off", isOn: false }],
  });
});

test("tells the way through a strategy", () => {
  expect(explain(compiled, "child", { targetingKey: "ann", master: true }, 0)).toMatchObject({
    decidedBy: "strategy",
    steps: [
      { kind: "prerequisite", isOn: true },
      { kind: "condition", pointer: "/flags/child/strategy/users", holds: true },
    ],
  });
  expect(explain(compiled, "child", { targetingKey: "bob", master: true }, 0).steps[2]).toMatchObject({
    kind: "split",
    pointer: "/flags/child/strategy",
    arms: [
      { from: 0, to: 50_000 },
      { from: 50_000, to: 100_000 },
    ],
  });
});

test("tells what stood above the rules", () => {
  const { compiled: laid } = overlay(compiled, {
    killedFlags: new Set(["plain"]),
    overrides: new Map([["master", true]]),
  });
  const decided = (key: string): string => explain(laid, key, {}, 0).decidedBy;
  expect(["plain", "master", "disabled", "broken", "nowhere"].map(decided)).toEqual([
    "kill",
    "override",
    "disabled",
    "error",
    "not-found",
  ]);
});

test("its evaluation is the one evaluate gives", () => {
  for (const key of [...compiled.keys, "nowhere"]) {
    const context = { targetingKey: "user-9", country: "US", master: true };
    expect(explain(compiled, key, context, 0).evaluation).toEqual(evaluate(compiled, key, context, 0));
  }
});
