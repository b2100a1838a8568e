import type { AuditEntry, EnvironmentStatus, Rollout } from "@dimmer/spec";
import { expect, test } from "vitest";
import { canaryState } from "../../test/fake-state.ts";
import { addAuditEntry, applyStreamEvent } from "./apply-stream-event.ts";

const { status, audit } = canaryState(Date.parse("2026-11-20T10:00:00Z"));

test("a flag set raises the version and never lowers it", () => {
  const set = { environment: "default", setId: "s", hash: "", bucketing: "flagd-v2", flags: {} } as const;
  expect(applyStreamEvent(status, { event: "flag-set", data: { ...set, version: status.version + 1 } }).version).toBe(
    status.version + 1,
  );
  expect(applyStreamEvent(status, { event: "flag-set", data: { ...set, version: status.version - 1 } })).toBe(status);
});

test("kills of an older version than the one shown change nothing", () => {
  const data = { killVersion: status.killVersion - 1, killSet: { kills: [], revives: [] }, active: [] };
  expect(applyStreamEvent(status, { event: "kills", data })).toBe(status);
  expect(
    applyStreamEvent(status, { event: "kills", data: { ...data, killVersion: status.killVersion + 1 } }).activeKills,
  ).toEqual([]);
});

test("applying an event twice is the same as once", () => {
  const event = { event: "rollout", data: { ...firstRollout(status), stepIndex: 4 } } as const;
  const once = applyStreamEvent(status, event);
  expect(applyStreamEvent(once, event)).toEqual(once);
});

test("of each flag stay the unfinished attempts and the latest finished one, newest first", () => {
  const running = firstRollout(status);
  const done: Rollout = {
    ...running,
    id: "done",
    attempt: 2,
    status: "succeeded",
    startedAt: "2026-11-20T08:00:00.000Z",
  };
  const older: Rollout = {
    ...done,
    id: "older",
    attempt: 1,
    status: "rolled-back",
    startedAt: "2026-11-20T07:00:00.000Z",
  };
  const after = [older, done].reduce((next, data) => applyStreamEvent(next, { event: "rollout", data }), status);
  expect(after.rollouts.map(({ id }) => id)).toEqual([running.id, "done"]);
});

test("the audit tail holds each entry once, newest first, up to its length", () => {
  const entry: AuditEntry = {
    id: 2000,
    environment: "default",
    at: "2026-11-20T10:00:00.000Z",
    by: "anna",
    action: "kill-added",
    target: "all *",
    reason: "",
  };
  const tail = addAuditEntry(addAuditEntry(audit, entry, 5), entry, 5);
  expect(tail).toHaveLength(5);
  expect(tail.map(({ id }) => id)).toEqual([2000, 1000, 999, 998, 997]);
});

function firstRollout({ rollouts }: EnvironmentStatus): Rollout {
  const [rollout] = rollouts;
  if (rollout === undefined) throw new Error("the state has no rollout");
  return rollout;
}
