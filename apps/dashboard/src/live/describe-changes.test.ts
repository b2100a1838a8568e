import type { Kill } from "@dimmer/spec";
import { expect, test } from "vitest";
import { canaryState, rolledBack } from "../../test/fake-state.ts";
import { describeChanges } from "./describe-changes.ts";

const nowMs = Date.parse("2026-11-20T10:00:00Z");
const { status } = canaryState(nowMs);
const google: Kill = {
  id: "k2",
  scope: "provider",
  target: "google",
  by: "anna",
  reason: "",
  at: "2026-11-20T10:00:00.000Z",
};

test("nothing is said when nothing changed that matters", () => {
  expect(describeChanges(status, { ...status, version: status.version + 1, replicas: [] })).toEqual([]);
});

test("kills, revives and stages are named", () => {
  const killed = { ...status, activeKills: [...status.activeKills, google] };
  expect(describeChanges(status, killed)).toEqual(["Killed: provider google."]);
  expect(describeChanges(killed, status)).toEqual(["No longer killed: provider google."]);
  const stage = { ...status.stage, current: "dark", enteredBy: "marek" } as const;
  expect(describeChanges(status, { ...status, stage })).toEqual(["Stage dark entered by marek."]);
});

test("a rollback is said with its reason, a step with its weight, a verdict with its word", () => {
  const [rollout] = status.rollouts;
  if (rollout === undefined || rollout.verdict === undefined) throw new Error("the state has no judged rollout");
  const back = rolledBack(rollout, nowMs);
  expect(describeChanges(status, { ...status, rollouts: [back] })).toEqual([
    `Rollout of phase_4_deployment is now rolled-back: ${back.reason}`,
  ]);
  expect(describeChanges(status, { ...status, rollouts: [{ ...rollout, stepIndex: 4 }] })).toEqual([
    "Rollout of phase_4_deployment is now at 75 %.",
  ]);
  const safe = { ...rollout, verdict: { ...rollout.verdict, type: "safe" as const } };
  expect(describeChanges(status, { ...status, rollouts: [safe] })).toEqual(["Verdict on phase_4_deployment: safe."]);
});

test("storage that cannot be written and read-only mode are said", () => {
  expect(describeChanges(status, { ...status, isStorageWritable: false, isReadOnly: true })).toEqual([
    "Read-only mode is on.",
    "The control plane cannot write to its storage.",
  ]);
});
