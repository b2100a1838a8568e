import { createEnvironmentKillStore } from "@dimmer/stores/env";
import { describe, expect, test } from "vitest";

const options = { nowMs: Date.UTC(2026, 0, 1), id: "boot" };
const signal = new AbortController().signal;

describe("DIMMER_KILL", () => {
  test.each([undefined, "", " , "])("%j is no kill store", (text) => {
    expect(createEnvironmentKillStore({ DIMMER_KILL: text }, options)).toBeUndefined();
  });

  test("is a list of scopes and targets", async () => {
    const store = createEnvironmentKillStore({ DIMMER_KILL: "provider:google, all,model:meta/llama:70b" }, options);
    expect(await store?.readKills(signal)).toEqual({
      kills: [
        {
          id: "env-boot-0",
          scope: "provider",
          target: "google",
          by: "environment",
          reason: "DIMMER_KILL",
          at: "2026-01-01T00:00:00.000Z",
        },
        expect.objectContaining({ id: "env-boot-1", scope: "all", target: "*" }),
        expect.objectContaining({ id: "env-boot-2", scope: "model", target: "meta/llama:70b" }),
      ],
      revives: [],
    });
  });

  test.each(["google", "provider:", "provider", ":google", "all:google", "povider:google", "provider:google,model"])(
    "'%s' is refused",
    (text) => {
      expect(() => createEnvironmentKillStore({ DIMMER_KILL: text }, options)).toThrow(
        expect.objectContaining({ code: "config_invalid", details: expect.objectContaining({ field: "DIMMER_KILL" }) }),
      );
    },
  );

  test("is told at once, is not latched, and cannot be added to", async () => {
    const store = createEnvironmentKillStore({ DIMMER_KILL: "all" }, options);
    const told: unknown[] = [];
    store?.followKills(
      { changed: (set) => told.push(set.kills.length), failed: () => undefined, alive: () => undefined },
      signal,
    );
    expect(told).toEqual([1]);
    expect(store?.isLatched).toBe(false);
    expect(await store?.mergeKills({ kills: [], revives: [] })).toEqual({ durable: false });
  });
});
