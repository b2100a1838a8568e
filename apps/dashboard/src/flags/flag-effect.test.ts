import type { FlagView } from "@dimmer/spec";
import { expect, test } from "vitest";
import { canaryState } from "../../test/fake-state.ts";
import { describeEffect } from "./flag-effect.ts";

const { flags } = canaryState(Date.parse("2026-11-20T10:00:00Z"));

test("turning a boolean flag off says what it serves now and then", () => {
  expect(describeEffect(flag("ai.provider.google.enabled"), { type: "serve", value: false }, flags)).toEqual({
    from: "true to everyone",
    to: "false to everyone",
    notes: [],
  });
});

test("a strategy that is dropped is named", () => {
  const { from, to, notes } = describeEffect(flag("phase_4_deployment"), { type: "serve", value: true }, flags);
  expect([from, to]).toEqual(["50 %", "true to everyone"]);
  expect(notes).toEqual(["Its strategy (50 % of users) is dropped."]);
});

test("a prerequisite that is off, and flags that go off with it, are named", () => {
  const off = flags.map((view) =>
    view.key === "orchestration_enabled" ? { ...view, value: false, exposure: "false" } : view,
  );
  const child = describeEffect(flag("orchestration_shadow"), { type: "expose", percentage: 20 }, off);
  expect(child.to).toBe("true to 20 % of users");
  expect(child.notes).toContain("It stays off all the same until orchestration_enabled is on.");
  const parent = describeEffect(flag("orchestration_enabled"), { type: "serve", value: false }, flags);
  expect(parent.notes.join()).toContain("phase_4_deployment");
});

test("a flag of named modes is exposed by its first mode that counts as on", () => {
  expect(describeEffect(flag("ai.guardrails.mode"), { type: "expose", percentage: 5 }, flags).to).toBe(
    "block to 5 % of users",
  );
});

test("what keeps the change from acting is said", () => {
  const killed = { ...flag("ai.budget.enforce"), killed: true };
  const { notes } = describeEffect(killed, { type: "serve", value: false }, flags);
  expect(notes).toEqual([
    "It is killed: it serves its safe variant until it is revived.",
    "Nothing acts on it yet: budgets are not built yet.",
  ]);
});

function flag(key: string): FlagView {
  const view = flags.find((candidate) => candidate.key === key);
  if (view === undefined) throw new Error(`the state has no flag ${key}`);
  return view;
}
