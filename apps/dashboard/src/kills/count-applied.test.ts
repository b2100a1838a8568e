import type { KillResult, Replica } from "@dimmer/spec";
import { expect, test } from "vitest";
import { countApplied } from "./count-applied.ts";

const result: KillResult = {
  killVersion: 10,
  kills: [],
  durable: true,
  replicas: { connected: 2, applied: 1 },
  undo: "",
};

test("counts connected replicas that have confirmed the version", () => {
  expect(
    countApplied(result, [replica("a", 10), replica("b", 11), replica("gone", 10, false), replica("late", 9)]),
  ).toEqual({ applied: 2, connected: 3 });
});

test("a list older than the answer does not take back what the answer said", () => {
  expect(countApplied(result, [replica("a", 9), replica("b", 9)])).toEqual({ applied: 1, connected: 2 });
});

function replica(instanceId: string, killVersion: number, isConnected: boolean = true): Replica {
  const at = "2026-11-20T10:00:00.000Z";
  return { instanceId, kind: "sdk", connectedAt: at, lastSeenAt: at, isConnected, flagSetVersion: 1, killVersion };
}
