import { createManualClock } from "@dimmer/api-client/testing";
import type { ManualClock } from "@dimmer/api-client/testing";
import { createDimmer } from "@dimmer/sdk";
import type { Dimmer, DimmerOptions } from "@dimmer/sdk";
import type { Reading } from "@dimmer/stores";
import { createMemoryStore } from "@dimmer/stores/testing";
import type { MemoryStore } from "@dimmer/stores/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { booleanFlag, flagSetOf } from "../test/fixtures.ts";

const set = flagSetOf(1, { a: booleanFlag("on") });
let clock: ManualClock;
let store: MemoryStore;
let open: Dimmer[];
beforeEach(() => {
  clock = createManualClock();
  store = createMemoryStore("control-plane", set);
  open = [];
});
afterEach(() => Promise.all(open.map((dimmer) => dimmer.close())));

const start = (options: Partial<DimmerOptions> = {}): Dimmer => {
  const dimmer = createDimmer({ stores: [store], clock, ids: () => "id", ...options });
  open.push(dimmer);
  return dimmer;
};
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("age", () => {
  test("counts from when the store last said that this is what it holds", () => {
    const dimmer = start();
    clock.advance(7000);
    expect(dimmer.details("a", false)).toMatchObject({ ageMs: 7000, isStale: false });
    store.confirm();
    clock.advance(1000);
    expect(dimmer.status()).toMatchObject({ ageMs: 1000, isStale: false });
  });

  test("is not renewed by a store that lives but says something that is not served", () => {
    const dimmer = start();
    store.put(flagSetOf(0, {}));
    clock.advance(3000);
    store.confirm();
    expect(dimmer.status()).toMatchObject({ ageMs: 3000, faults: [{ code: "version_went_back" }] });
    store.put(set);
    store.confirm();
    expect(dimmer.status()).toMatchObject({ ageMs: 0, faults: [] });
  });
});

describe("a store that fails in mid-life", () => {
  test("goes on being served, becomes stale, is told of, and becomes fresh", async () => {
    const dimmer = start();
    const told: unknown[] = [];
    dimmer.on("stale", ({ stores }) => told.push(stores));
    dimmer.on("fresh", () => told.push("fresh"));
    store.breakDown();
    expect(dimmer.status()).toMatchObject({
      isStale: false,
      faults: [{ source: "control-plane", code: "store_unreadable" }],
    });
    clock.advance(60_000);
    expect(told).toEqual([]);
    clock.advance(1);
    expect(told).toEqual([["control-plane"]]);
    expect(dimmer.status()).toMatchObject({ isReady: true, isStale: true, stores: [{ isStale: true, ageMs: 60_001 }] });
    expect(dimmer.details("a", false)).toMatchObject({ value: true, isStale: true });
    store.repair();
    expect(told).toEqual([["control-plane"], "fresh"]);
    await settle();
    clock.advance(60_000);
    await settle();
    expect(dimmer.status()).toMatchObject({ isStale: false, faults: [] });
  });

  test("is read again when it is silent, so that a stream that is held back harms nobody", async () => {
    const silent = { ...store, follow: () => undefined };
    const dimmer = start({ stores: [silent] });
    expect(dimmer.status().isReady).toBe(false);
    clock.advance(5000);
    await settle();
    expect(dimmer.status()).toMatchObject({ isReady: true, version: 1 });
    store.put(flagSetOf(2, {}));
    clock.advance(15_000);
    await settle();
    expect(dimmer.status()).toMatchObject({ version: 2, isStale: false });
  });

  test("is read less and less often while it fails", async () => {
    const read = vi.fn<MemoryStore["read"]>(() => Promise.reject(new Error("down")));
    start({ stores: [{ name: "s", read, follow: () => undefined }], refreshIntervalMs: 1000, readTimeoutMs: 1000 });
    const reads: number[] = [];
    for (let second = 0; second < 200; second += 1) {
      clock.advance(1000);
      await settle();
      if (read.mock.calls.length > reads.length) reads.push(second);
    }
    const waits = reads.map((second, index) => second - (reads[index - 1] ?? -1));
    expect(waits).toEqual([1, 1, 1, 5, 10, 20, 40, 60, 60]);
  });

  test("is given up after the deadline when it does not answer, even if it does not mind the signal", async () => {
    const signals: AbortSignal[] = [];
    const read = (signal: AbortSignal): Promise<Reading> => {
      signals.push(signal);
      return new Promise(() => undefined);
    };
    const dimmer = start({ stores: [{ name: "slow", read, follow: () => undefined }], readTimeoutMs: 700 });
    clock.advance(700);
    clock.advance(700);
    await settle();
    expect(signals.map((signal) => signal.aborted)).toEqual([true]);
    expect(dimmer.status().faults).toMatchObject([
      { code: "store_unreadable", message: "The store 'slow' did not answer within 700 ms." },
    ]);
  });

  test("and is read does not overtake what it has said meanwhile", async () => {
    const answers: ((reading: Reading) => void)[] = [];
    const dimmer = start({ stores: [{ ...store, read: () => new Promise((resolve) => answers.push(resolve)) }] });
    clock.advance(20_000);
    store.put(flagSetOf(2, {}));
    answers[0]?.({ document: set, origin: "old" });
    await settle();
    expect(dimmer.status()).toMatchObject({ version: 2, faults: [] });
  });

  test("by throwing something of its own is a fault that says so", async () => {
    const dimmer = start({
      stores: [{ name: "odd", read: () => Promise.reject(new Error("no route")), follow: () => undefined }],
    });
    clock.advance(5000);
    await settle();
    expect(dimmer.status().faults).toMatchObject([
      { source: "odd", code: "store_unreadable", message: "The store 'odd' failed: no route" },
    ]);
  });
});

describe("ready", () => {
  test("settles at once when every store has spoken", async () => {
    expect(await start().ready()).toMatchObject({ isReady: true });
  });

  test("waits for the last store, also for one that fails at first", async () => {
    const late = createMemoryStore("late");
    late.breakDown();
    const dimmer = start({ stores: [store, late] });
    const ready = dimmer.ready();
    await settle();
    late.put(set);
    late.repair();
    expect(await ready).toMatchObject({ isReady: true });
  });

  test("waits for kill stores too: what was killed meanwhile counts from the first request", async () => {
    const kills = createMemoryStore("kills");
    const follow = vi.fn<typeof kills.followKills>();
    const dimmer = start({ killStores: [{ ...kills, isLatched: true, followKills: follow }] });
    let isReady = false;
    const ready = dimmer.ready().then(() => (isReady = true));
    await settle();
    expect(isReady).toBe(false);
    follow.mock.calls[0]?.[0].changed({ kills: [], revives: [] });
    await ready;
  });

  test("waits for the version a change was answered with, or a newer one", async () => {
    store.put(flagSetOf(5, { a: booleanFlag("on") }));
    const dimmer = start();
    let served: unknown;
    const ready = dimmer.ready({ version: 7 }).then(() => (served = dimmer.boolean("a", true)));
    store.put(flagSetOf(6, { a: booleanFlag("on") }));
    await settle();
    expect(served).toBeUndefined();
    store.put(flagSetOf(8, { a: booleanFlag("off") }));
    await ready;
    expect(served).toBe(false);
    expect(await dimmer.ready({ version: 7 })).toMatchObject({ version: 8 });
  });

  test("gives up at the timeout and says that it is not ready", async () => {
    const dimmer = start({ stores: [createMemoryStore("never")] });
    const ready = dimmer.ready({ timeoutMs: 1234 });
    clock.advance(1234);
    expect(await ready).toMatchObject({
      isReady: false,
      isStale: true,
      source: "definitions",
      stores: [{ name: "never", state: "empty" }],
    });
  });

  test("settles when the Dimmer is closed", async () => {
    const dimmer = start({ stores: [createMemoryStore("never")] });
    const ready = dimmer.ready();
    await dimmer.close();
    expect(await ready).toMatchObject({ isReady: false });
  });

  test("needs no store", async () => {
    expect(await start({ stores: [] }).ready()).toMatchObject({ isReady: true, isStale: false, source: "definitions" });
  });
});

test("after close nothing waits", async () => {
  const dimmer = start({ observations: { send: () => Promise.reject(new Error("down")) } });
  dimmer.observe({ flag: "a", variant: "on", latencyMs: 1, isError: false });
  await dimmer.close();
  await dimmer.close();
  expect(clock.waiting).toBe(0);
});
