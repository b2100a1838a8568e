import { createEnvironmentOverrides, environmentName } from "@dimmer/stores/env";
import type { OverridableFlag } from "@dimmer/stores/env";
import { expect, test } from "vitest";

const flag = (
  key: string,
  variants: Record<string, OverridableFlag["variants"] extends ReadonlyMap<string, infer V> ? V : never>,
): OverridableFlag => ({
  key,
  variants: new Map(Object.entries(variants)),
});
const flags = [
  flag("ai.egress.enabled", { on: true, off: false }),
  flag("ai.guardrails.mode", { off: "off", strict: "block" }),
  flag("orchestration_shadow", { none: 0, some: 2.5 }),
  flag("limits", { small: { size: 1 }, large: { size: 9 } }),
];

test.each([
  ["ai.egress.enabled", "DIMMER_FLAG_AI_EGRESS_ENABLED"],
  ["phase_4_deployment", "DIMMER_FLAG_PHASE_4_DEPLOYMENT"],
  ["Größe/x-y", "DIMMER_FLAG_GR_SSE_X_Y"],
])("the environment name of %s is %s", (key, name) => {
  expect(environmentName(key)).toBe(name);
});

test.each([
  ["AI_EGRESS_ENABLED", "true", ["ai.egress.enabled", true]],
  ["AI_EGRESS_ENABLED", "FALSE", ["ai.egress.enabled", false]],
  ["AI_EGRESS_ENABLED", "on", ["ai.egress.enabled", true]],
  ["AI_GUARDRAILS_MODE", "block", ["ai.guardrails.mode", "block"]],
  ["AI_GUARDRAILS_MODE", "strict", ["ai.guardrails.mode", "block"]],
  ["ORCHESTRATION_SHADOW", "2.50", ["orchestration_shadow", 2.5]],
  ["LIMITS", "large", ["limits", { size: 9 }]],
])("DIMMER_FLAG_%s=%s is a value of its flag", (name, text, override) => {
  const resolved = createEnvironmentOverrides({ [`DIMMER_FLAG_${name}`]: text }).resolve(flags);
  expect([...resolved.overrides]).toEqual([override]);
  expect(resolved.faults).toEqual([]);
});

test("an empty variable is no override", () => {
  expect(
    createEnvironmentOverrides({ DIMMER_FLAG_AI_EGRESS_ENABLED: "", DIMMER_FLAG_NOWHERE: "" }).resolve(flags),
  ).toEqual({
    overrides: new Map(),
    faults: [],
  });
});

test("a value the flag does not have is a fault that lists those it has", () => {
  const { overrides, faults } = createEnvironmentOverrides({ DIMMER_FLAG_AI_GUARDRAILS_MODE: "Block" }).resolve(flags);
  expect(overrides.size).toBe(0);
  expect(faults).toEqual([
    {
      name: "DIMMER_FLAG_AI_GUARDRAILS_MODE",
      message: "DIMMER_FLAG_AI_GUARDRAILS_MODE='Block' is no value of the flag 'ai.guardrails.mode'.",
      fix: "Use one of: off, block.",
    },
  ]);
});

test("a variable that names no flag is a fault", () => {
  const { faults } = createEnvironmentOverrides({ DIMMER_FLAG_AI_EGRES_ENABLED: "true" }).resolve(flags);
  expect(faults.map((fault) => fault.message)).toEqual(["DIMMER_FLAG_AI_EGRES_ENABLED names no flag."]);
});

test("the bare name counts for the keys it is granted to, behind the full name", () => {
  const env = {
    AI_EGRESS_ENABLED: "true",
    ORCHESTRATION_SHADOW: "2.5",
    DIMMER_FLAG_ORCHESTRATION_SHADOW: "0",
    AI_GUARDRAILS_MODE: "block",
  };
  const source = createEnvironmentOverrides(env, { bareKeys: ["ai.egress.enabled", "orchestration_shadow"] });
  expect(source.resolve(flags)).toEqual({
    overrides: new Map<string, unknown>([
      ["ai.egress.enabled", true],
      ["orchestration_shadow", 0],
    ]),
    faults: [],
  });
});

test("a bare name with a value the flag does not have is a fault", () => {
  const source = createEnvironmentOverrides({ AI_EGRESS_ENABLED: "flase" }, { bareKeys: ["ai.egress.enabled"] });
  expect(source.resolve(flags).faults).toMatchObject([{ name: "AI_EGRESS_ENABLED" }]);
});

test("two flags with one environment name are found, and the name overrides neither", () => {
  const twins = [flag("a.b", { on: true }), flag("a_b", { on: true })];
  const source = createEnvironmentOverrides({ DIMMER_FLAG_A_B: "true" });
  const message = "The flags 'a.b' and 'a_b' share the environment name DIMMER_FLAG_A_B.";
  expect(source.check(["a.b", "a_b", "c"])).toMatchObject([{ name: "DIMMER_FLAG_A_B", message }]);
  expect(source.resolve(twins)).toMatchObject({ overrides: new Map(), faults: [{ message }, { message }] });
});
