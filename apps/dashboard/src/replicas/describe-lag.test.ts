import type { Replica } from "@dimmer/spec";
import { expect, test } from "vitest";
import { describeLag } from "./describe-lag.ts";

const at = "2026-11-20T10:00:00.000Z";
const replica: Replica = {
  instanceId: "a",
  kind: "sdk",
  connectedAt: at,
  lastSeenAt: at,
  isConnected: true,
  flagSetVersion: 5,
  killVersion: 5,
};

test("says what is behind, and nothing when all is applied", () => {
  expect(describeLag(replica, { version: 5, killVersion: 5 })).toBeUndefined();
  expect(describeLag(replica, { version: 6, killVersion: 5 })).toBe("lags: flags");
  expect(describeLag(replica, { version: 6, killVersion: 6 })).toBe("lags: flags, kills");
});

test("somebody who is gone does not lag", () => {
  expect(describeLag({ ...replica, isConnected: false }, { version: 6, killVersion: 6 })).toBeUndefined();
});
