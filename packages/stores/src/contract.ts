/**
 * What every store must do, as tests: an implementation's test file calls these with a way to make the store, to change
 * it from outside, to break it and to repair it.
 */
import type { FlagDefinitions, Kill, KillSet, Revive } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { emptyKillSet, mergeKillSets } from "@dimmer/spec/kill-set";
import type { KillStore, StoreReader, StoreWriter } from "@dimmer/stores";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

/** What all harnesses can do. */
interface StoreHarness {
  /** Makes the place unreadable and unwritable. Absent where that cannot happen; the tests are then left out. */
  readonly breakDown?: () => void | Promise<void>;
  readonly repair?: () => void | Promise<void>;
  /** Lets time pass for stores that look at their place now and then. */
  readonly tick?: () => void;
  dispose(): void | Promise<void>;
}

/** A store of flags under test. */
export interface ReaderHarness extends StoreHarness {
  readonly store: StoreReader;
  /** Puts definitions in place from outside. Definitions are in place before the first test asks. */
  put(definitions: FlagDefinitions): void | Promise<void>;
}

/** A writable store of flags under test. */
export interface WriterHarness extends ReaderHarness {
  readonly store: StoreReader & StoreWriter;
}

/** A kill store under test. */
export interface KillHarness extends StoreHarness {
  readonly store: KillStore;
  /** The same place as another process sees it. */
  readonly other: KillStore;
}

const definitions = (variant: string): FlagDefinitions => ({
  flags: { checkout: { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: variant } },
});

const kill = (id: string, target = "google"): Kill => ({
  id,
  scope: "provider",
  target,
  by: "contract",
  reason: "",
  at: "2026-01-01T00:00:00.000Z",
});

const revive = (id: string, ...killIds: string[]): Revive => ({
  id,
  killIds,
  by: "contract",
  reason: "",
  at: "2026-01-01T00:00:01.000Z",
});

const sorted = (set: KillSet): KillSet => ({
  kills: set.kills.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  revives: set.revives.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
});

/** Waits for what a store does behind the scenes, letting its time pass. */
const until = (harness: StoreHarness, condition: () => void): Promise<void> =>
  vi.waitFor(
    () => {
      harness.tick?.();
      condition();
    },
    { interval: 5, timeout: 5000 },
  );

/** Tests of a StoreReader. */
export function describeStoreReader(name: string, create: () => Promise<ReaderHarness>): void {
  describe(`${name} as a store of flags`, () => {
    let harness: ReaderHarness;
    let told: string[];
    let failures: unknown[];
    let ended: AbortController;
    const listener = {
      changed: (reading: { readonly document: unknown }): void =>
        void told.push((reading.document as FlagDefinitions).flags["checkout"]?.defaultVariant ?? "none"),
      failed: (error: DimmerError): void => void failures.push(error),
      alive: (): void => void told.push("alive"),
    };
    const changes = (): string[] => told.filter((what) => what !== "alive");

    beforeEach(async () => {
      told = [];
      failures = [];
      ended = new AbortController();
      harness = await create();
      await harness.put(definitions("off"));
    });
    afterEach(async () => {
      ended.abort();
      await harness.dispose();
    });

    test("answers with the document and where it is from", async () => {
      const reading = await harness.store.read(ended.signal);
      expect(reading.document).toMatchObject(definitions("off"));
      expect(reading.origin).not.toBe("");
    });

    test("tells a follower the present state, then every change", async () => {
      harness.store.follow(listener, ended.signal);
      await until(harness, () => expect(changes()).toContain("off"));
      await harness.put(definitions("on"));
      await until(harness, () => expect(changes().at(-1)).toBe("on"));
      expect(failures).toEqual([]);
    });

    test("tells a second follower the present state too", async () => {
      harness.store.follow({ ...listener, changed: () => undefined }, ended.signal);
      await harness.put(definitions("on"));
      harness.store.follow(listener, ended.signal);
      await until(harness, () => expect(changes().at(-1)).toBe("on"));
    });

    test("tells nothing after the signal", async () => {
      harness.store.follow(listener, ended.signal);
      await until(harness, () => expect(changes()).toContain("off"));
      ended.abort();
      const before = [...told];
      await harness.put(definitions("on"));
      harness.tick?.();
      await harness.store.read(new AbortController().signal);
      expect(told).toEqual(before);
    });

    test("is not followed with a signal that has aborted already", async () => {
      ended.abort();
      harness.store.follow(listener, ended.signal);
      await harness.store.read(new AbortController().signal);
      harness.tick?.();
      expect([told, failures]).toEqual([[], []]);
    });

    test("says when it cannot be read, and comes back", async ({ skip }) => {
      if (harness.breakDown === undefined || harness.repair === undefined) return skip("this store cannot break");
      harness.store.follow(listener, ended.signal);
      await until(harness, () => expect(changes()).toContain("off"));
      await harness.breakDown();
      await until(harness, () => expect(failures.length).toBeGreaterThan(0));
      expect(failures.every((error) => DimmerError.is(error))).toBe(true);
      await expect(harness.store.read(ended.signal)).rejects.toSatisfy((error) => DimmerError.is(error));
      await harness.repair();
      await harness.put(definitions("on"));
      await until(harness, () => expect(changes().at(-1)).toBe("on"));
    });
  });
}

/** Tests of a StoreWriter. */
export function describeStoreWriter(name: string, create: () => Promise<WriterHarness>): void {
  describe(`${name} as a store flags are changed in`, () => {
    let harness: WriterHarness;
    const signal = new AbortController().signal;
    beforeEach(async () => {
      harness = await create();
      await harness.put(definitions("off"));
    });
    afterEach(() => harness.dispose());

    test("makes every edit of a change set, and says which flags changed", async () => {
      const flag = definitions("off").flags["checkout"];
      if (flag === undefined) throw new Error("the definitions have the flag");
      const result = await harness.store.apply({
        edits: [
          { type: "put", flag: "checkout", definition: { ...flag, defaultVariant: "on" } },
          { type: "put", flag: "basket", definition: flag },
        ],
      });
      expect(result.changed.toSorted()).toEqual(["basket", "checkout"]);
      expect((await harness.store.read(signal)).document).toMatchObject({
        flags: { basket: { defaultVariant: "off" }, checkout: { defaultVariant: "on" } },
      });
    });

    test("makes none of them when one is at fault", async () => {
      const before = (await harness.store.read(signal)).document;
      const flag = definitions("on").flags["checkout"];
      if (flag === undefined) throw new Error("the definitions have the flag");
      const edits = [
        { type: "put", flag: "checkout", definition: flag } as const,
        { type: "remove", flag: "nowhere" } as const,
      ];
      await expect(harness.store.apply({ edits })).rejects.toMatchObject({ code: "flag_not_found" });
      expect((await harness.store.read(signal)).document).toEqual(before);
    });
  });
}

/** Tests of a KillStore that can be written. */
export function describeKillStore(name: string, create: () => Promise<KillHarness>): void {
  describe(`${name} as a kill store`, () => {
    let harness: KillHarness;
    let ended: AbortController;
    const signal = new AbortController().signal;
    beforeEach(async () => {
      ended = new AbortController();
      harness = await create();
    });
    afterEach(async () => {
      ended.abort();
      await harness.dispose();
    });

    test("knows of nothing at first", async () => {
      expect(await harness.store.readKills(signal)).toEqual(emptyKillSet);
    });

    test("keeps what is merged, once, for everybody", async () => {
      const set: KillSet = { kills: [kill("a"), kill("b")], revives: [revive("r", "a")] };
      await harness.store.mergeKills(set);
      await harness.store.mergeKills({ kills: [kill("b")], revives: [] });
      expect(sorted(await harness.store.readKills(signal))).toEqual(set);
      expect(sorted(await harness.other.readKills(signal))).toEqual(set);
    });

    test("unites what two processes merge at the same time", async () => {
      const ids = ["a", "b", "c", "d", "e", "f"];
      await Promise.all(
        ids.map((id, index) =>
          (index % 2 === 0 ? harness.store : harness.other).mergeKills({ kills: [kill(id)], revives: [] }),
        ),
      );
      expect(sorted(await harness.other.readKills(signal)).kills.map((record) => record.id)).toEqual(ids);
    });

    test("tells a follower what it knows, then what comes", async () => {
      await harness.store.mergeKills({ kills: [kill("a")], revives: [] });
      const told: string[] = [];
      harness.store.followKills(
        {
          changed: (set) => told.push(set.kills.map((record) => record.id).join()),
          failed: () => told.push("failed"),
          alive: () => undefined,
        },
        ended.signal,
      );
      await until(harness, () => expect(told).toContain("a"));
      await harness.other.mergeKills({ kills: [kill("b")], revives: [] });
      await until(harness, () => expect(told.at(-1)).toBe("a,b"));
      expect(told).not.toContain("failed");
    });

    test("says when it cannot be reached, loses nothing, and comes back", async ({ skip }) => {
      if (harness.breakDown === undefined || harness.repair === undefined) return skip("this store cannot break");
      const told: string[] = [];
      const failures: unknown[] = [];
      await harness.store.mergeKills({ kills: [kill("a")], revives: [] });
      harness.store.followKills(
        {
          changed: (set) => told.push(set.kills.map((record) => record.id).join()),
          failed: (error) => failures.push(error),
          alive: () => undefined,
        },
        ended.signal,
      );
      await until(harness, () => expect(told).toContain("a"));
      await harness.breakDown();
      const outcome = await harness.store
        .mergeKills({ kills: [kill("b")], revives: [] })
        .catch((error: unknown) => DimmerError.from(error));
      expect(DimmerError.is(outcome) || !outcome.durable).toBe(true);
      await until(harness, () => expect(failures.length).toBeGreaterThan(0));
      await harness.repair();
      await harness.store.mergeKills({ kills: [kill("b")], revives: [] });
      expect(sorted(await harness.other.readKills(signal)).kills.map((record) => record.id)).toEqual(["a", "b"]);
      await until(harness, () => expect(told.at(-1)).toBe("a,b"));
    });

    test("is the union of everything merged, whoever merged it and in whichever order", async () => {
      const id = fc.constantFrom("a", "b", "c", "d", "e");
      const change = fc.record({
        isOther: fc.boolean(),
        kills: fc.array(
          id.map((name) => kill(name)),
          { maxLength: 2 },
        ),
        revives: fc.array(
          id.map((name) => revive(`r${name}`, name)),
          { maxLength: 1 },
        ),
      });
      let expected = await harness.store.readKills(signal);
      await fc.assert(
        fc.asyncProperty(fc.array(change, { maxLength: 6 }), async (changes) => {
          for (const { isOther, ...set } of changes) {
            await (isOther ? harness.other : harness.store).mergeKills(set);
            expected = mergeKillSets(expected, set);
          }
          expect(sorted(await harness.store.readKills(signal))).toEqual(sorted(expected));
          expect(sorted(await harness.other.readKills(signal))).toEqual(sorted(expected));
        }),
        { numRuns: 15 },
      );
    });
  });
}
