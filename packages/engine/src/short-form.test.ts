import { compile, evaluate, type CompiledFlagSet } from "@dimmer/engine";
import { expandShortForm, isShortForm } from "@dimmer/engine/short-form";
import { describe, expect, test } from "vitest";

function expanded(input: unknown): unknown {
  const result = expandShortForm(input);
  return result.ok ? result.definitions.flags : result.faults.map(({ pointer }) => pointer);
}

function compiled(input: unknown): CompiledFlagSet {
  const result = expandShortForm(input);
  const compilation = result.ok ? compile(result.definitions) : undefined;
  if (compilation?.ok !== true) throw new Error(JSON.stringify([result, compilation]));
  return compilation.compiled;
}

test("a disabled flag is off for everyone", () => {
  const set = compiled({ orchestration_enabled: { enabled: false } });
  expect(evaluate(set, "orchestration_enabled", {}, 0)).toMatchObject({ value: false, reason: "STATIC" });
});

test("a disabled flag drops its rollout, whatever it says", () => {
  const set = compiled({
    f: { enabled: false, config: { rollout_strategy: "all_at_once" } },
    g: { enabled: false, users: ["ann"] },
  });
  for (const key of ["f", "g"]) expect(evaluate(set, key, { targetingKey: "ann" }, 0).value).toBe(false);
});

test("an enabled flag without a rollout is on for everyone", () => {
  expect(evaluate(compiled({ f: { enabled: true } }), "f", {}, 0)).toMatchObject({ value: true, reason: "STATIC" });
});

describe("a rollout beside 'enabled', or under 'config'", () => {
  const cases: readonly (readonly [object, object])[] = [
    [{ rollout_strategy: "all_at_once" }, { type: "all-at-once" }],
    [
      { rollout_strategy: "percentage", percentage: 10 },
      { type: "percentage", percentage: 10 },
    ],
    [{ percentage: 10 }, { type: "percentage", percentage: 10 }],
    [
      { rollout_strategy: "canary", users: ["ann"], regions: ["eu"] },
      { type: "canary", users: ["ann"], regions: ["eu"] },
    ],
    [
      { users: ["ann"], percentage: 5 },
      { type: "canary", users: ["ann"], percentage: 5 },
    ],
    [
      { rollout_strategy: "progressive", start_date: "2026-01-01", end_date: "2026-01-31T12:00:00" },
      { type: "progressive", start: "2026-01-01T00:00:00Z", end: "2026-01-31T12:00:00Z" },
    ],
    [
      { start_date: "2026-01-01T00:00:00+02:00", end_date: "2026-02-01", percentage: 50 },
      { type: "progressive", start: "2026-01-01T00:00:00+02:00", end: "2026-02-01T00:00:00Z" },
    ],
  ];
  test.each(cases)("%j", (rollout, strategy) => {
    const full = { f: { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off", strategy } };
    expect(expanded({ f: { enabled: true, ...rollout } })).toEqual(full);
    expect(expanded({ f: { enabled: true, config: rollout } })).toEqual(full);
  });
});

test("names every fault where it stands in the short form", () => {
  expect(
    expanded({
      a: { enabled: "yes", owner: 5 },
      b: { enabled: true, rollout_strategy: "slowly" },
      c: { enabled: false, config: { percentage: 200 } },
      d: { enabled: true, rollout_strategy: "progressive", start_date: "soon" },
      e: { enabled: true, config: { users: ["ann", 5] } },
      f: true,
      g: { enabled: true, colour: "red", config: { enabled: true } },
      h: { enabled: true, config: 5 },
      i: { enabled: true, rollout_strategy: "percentage" },
    }),
  ).toEqual([
    "/a/enabled",
    "/a/owner",
    "/b/rollout_strategy",
    "/c/config/percentage",
    "/d/start_date",
    "/e/config/users/1",
    "/f",
    "/g/colour",
    "/g/config/enabled",
    "/h/config",
    "/i/percentage",
  ]);
});

test("is told from the full form by having no 'flags'", () => {
  expect([{}, { f: {} }, { flags: {} }, [], null, "x"].map(isShortForm)).toEqual([
    true,
    true,
    false,
    false,
    false,
    false,
  ]);
  expect(expanded({ flags: {} })).toEqual([""]);
  expect(expanded(null)).toContain("");
  expect(expanded(JSON.parse('{"__proto__": {"enabled": true}}'))).toEqual(["/__proto__"]);
});
