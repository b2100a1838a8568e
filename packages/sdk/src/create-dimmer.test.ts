import { createManualClock } from "@dimmer/api-client/testing";
import type { ManualClock } from "@dimmer/api-client/testing";
import { createDimmer } from "@dimmer/sdk";
import type { Dimmer, DimmerOptions } from "@dimmer/sdk";
import type { Flag } from "@dimmer/spec";
import { createEnvironmentOverrides } from "@dimmer/stores/env";
import { createMemoryStore } from "@dimmer/stores/testing";
import type { MemoryStore } from "@dimmer/stores/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { booleanFlag, definitionsOf, flagSetOf, killOf } from "../test/fixtures.ts";

let clock: ManualClock;
let server: MemoryStore;
let file: MemoryStore;
let open: Dimmer[];
beforeEach(() => {
  clock = createManualClock();
  server = createMemoryStore("control-plane", flagSetOf(1, { shared: booleanFlag("on"), server: booleanFlag("on") }));
  file = createMemoryStore("file", definitionsOf({ shared: booleanFlag("off") }));
  open = [];
});
afterEach(() => Promise.all(open.map((dimmer) => dimmer.close())));

const start = (options: Partial<DimmerOptions> = {}): Dimmer => {
  const dimmer = createDimmer({ stores: [file, server], clock, ids: () => "id", ...options });
  open.push(dimmer);
  return dimmer;
};
const faultsOf = (dimmer: Dimmer): string[] =>
  dimmer.status().faults.map((fault) => `${fault.source}: ${fault.message}`);

describe("the order of precedence", () => {
  test("is that of the stores, flag by flag, and the status says so", () => {
    const dimmer = start();
    expect([dimmer.boolean("shared", true), dimmer.boolean("server", false)]).toEqual([false, true]);
    expect(dimmer.details("shared", true)).toMatchObject({ source: "file", variant: "off", reason: "STATIC" });
    expect(dimmer.status()).toMatchObject({
      isReady: true,
      isStale: false,
      source: "control-plane",
      version: 1,
      stores: [
        { name: "file", state: "live", flagCount: 1 },
        { name: "control-plane", state: "live", setId: "set-1", version: 1, flagCount: 1 },
      ],
      faults: [],
    });
  });

  test("is turned round by turning round the stores", () => {
    expect(start({ stores: [server, file] }).boolean("shared", false)).toBe(true);
  });

  test("ends with the definitions' safe variants, then the caller's fallback", () => {
    const definitions = definitionsOf({
      shared: booleanFlag("on"),
      only: booleanFlag("on", { safeVariant: "off", strategy: { type: "all-at-once" }, prerequisites: ["shared"] }),
    });
    const dimmer = start({
      definitions: { ...definitions, flags: { ...definitions.flags, unsaid: booleanFlag("on") } },
    });
    expect(dimmer.details("only", true)).toMatchObject({ value: false, source: "definitions", version: 0 });
    expect(dimmer.details("unsaid", true)).toMatchObject({ value: false, source: "definitions" });
    expect(dimmer.details("shared", true)).toMatchObject({ value: false, source: "file" });
    expect(dimmer.details("nowhere", true)).toMatchObject({
      value: true,
      source: "default",
      errorCode: "FLAG_NOT_FOUND",
      reason: "ERROR",
    });
  });

  test("begins with a kill of the flag, then an override", async () => {
    const flags = {
      mode: {
        state: "ENABLED",
        variants: { a: "a", b: "b", safe: "s" },
        defaultVariant: "a",
        safeVariant: "safe",
      } satisfies Flag,
    };
    server.put(flagSetOf(2, flags));
    const dimmer = start({ stores: [server], overrides: new Map([["mode", "b"]]) });
    expect(dimmer.details("mode", "")).toMatchObject({ value: "b", reason: "OVERRIDE" });
    await dimmer.kill({ scope: "flag", target: "mode" });
    expect(dimmer.details("mode", "")).toMatchObject({ value: "s", reason: "KILLED" });
    await dimmer.revive({ scope: "flag", target: "mode" });
    expect(dimmer.string("mode", "")).toBe("b");
  });

  test("counts a flag for the store it comes from, and takes no name of JavaScript's own for one", () => {
    file.put(definitionsOf({ shared: booleanFlag("off"), own: booleanFlag("on") }));
    server.put(flagSetOf(2, { shared: booleanFlag("on"), "a/b~c": booleanFlag("on"), server: booleanFlag("on") }));
    const dimmer = start();
    expect(dimmer.status().stores).toMatchObject([
      { name: "file", flagCount: 2 },
      { name: "control-plane", flagCount: 2 },
    ]);
    expect(dimmer.details("a/b~c", false)).toMatchObject({ value: true, source: "control-plane" });
    expect(dimmer.details("constructor", true)).toMatchObject({ value: true, source: "default" });
  });

  test("holds for a flag of one store that needs a flag of another", () => {
    file.put(definitionsOf({ child: booleanFlag("on", { prerequisites: ["server"] }) }));
    const dimmer = start();
    expect(dimmer.boolean("child", false)).toBe(true);
    server.put(flagSetOf(2, { server: booleanFlag("off") }));
    expect(dimmer.details("child", true)).toMatchObject({ value: false, reason: "PREREQUISITE" });
  });
});

describe("getters", () => {
  const flags: Record<string, Flag> = {
    text: { state: "ENABLED", variants: { a: "x" }, defaultVariant: "a" },
    number: { state: "ENABLED", variants: { a: 2.5 }, defaultVariant: "a" },
    object: { state: "ENABLED", variants: { a: { model: "m" } }, defaultVariant: "a" },
    none: { state: "ENABLED", variants: { a: true }, defaultVariant: null },
    disabled: booleanFlag("on", { state: "DISABLED" }),
  };
  beforeEach(() => server.put(flagSetOf(2, flags)));

  test("answer with values of their type", () => {
    const dimmer = start({ stores: [server] });
    expect([dimmer.string("text", ""), dimmer.number("number", 0), dimmer.object("object", {})]).toEqual([
      "x",
      2.5,
      { model: "m" },
    ]);
    expect(dimmer.status().counters).toMatchObject({ unknownFlags: {}, typeMismatches: {} });
  });

  test("answer with the fallback for a flag of another type, and count it", () => {
    const dimmer = start({ stores: [server] });
    expect([
      dimmer.boolean("text", true),
      dimmer.string("number", "f"),
      dimmer.number("object", 7),
      dimmer.object("text", { f: 1 }),
    ]).toEqual([true, "f", 7, { f: 1 }]);
    expect(dimmer.details("text", 1)).toMatchObject({
      value: 1,
      reason: "ERROR",
      errorCode: "TYPE_MISMATCH",
      errorMessage: "The flag 'text' holds a string; it was asked for as a number.",
      source: "control-plane",
    });
    expect(dimmer.status().counters.typeMismatches).toEqual({ text: 3, number: 1, object: 1 });
  });

  test("answer with the fallback for a flag nobody knows, and count it", () => {
    const dimmer = start({ stores: [server] });
    expect([dimmer.boolean("x", true), dimmer.string("x", "f"), dimmer.number("y", 3), dimmer.isOn("z")]).toEqual([
      true,
      "f",
      3,
      false,
    ]);
    expect(dimmer.status().counters.unknownFlags).toEqual({ x: 2, y: 1, z: 1 });
  });

  test("count a bounded number of unknown flags apart", () => {
    const dimmer = start();
    for (let index = 0; index < 1010; index += 1) dimmer.boolean(`x${index}`, false);
    const { unknownFlags } = dimmer.status().counters;
    expect([Object.keys(unknownFlags).length, unknownFlags["*"]]).toEqual([1001, 10]);
  });

  test("answer with the fallback, uncounted, where the flag itself says so", () => {
    const dimmer = start({ stores: [server] });
    expect(dimmer.details("none", true)).toMatchObject({ value: true, reason: "DEFAULT" });
    expect(dimmer.details("disabled", false)).toMatchObject({ value: false, reason: "DISABLED" });
    expect(dimmer.boolean("disabled", true)).toBe(true);
    expect(dimmer.status().counters).toMatchObject({ unknownFlags: {}, typeMismatches: {} });
  });

  test("read the context", () => {
    server.put(flagSetOf(3, { eu: booleanFlag("off", { strategy: { type: "canary", regions: ["eu"] } }) }));
    const dimmer = start({ stores: [server] });
    expect([dimmer.boolean("eu", true, { region: "us" }), dimmer.isOn("eu", { region: "eu" })]).toEqual([false, true]);
  });

  test("read the clock only for flags that depend on the time", () => {
    const ramp = booleanFlag("off", {
      strategy: { type: "progressive", start: "2025-12-31T00:00:00Z", end: "2026-01-02T00:00:00Z" },
    });
    server.put(flagSetOf(3, { plain: booleanFlag("on"), ramp }));
    const nowMs = vi.fn<() => number>(() => clock.nowMs());
    const dimmer = start({
      stores: [server],
      clock: { nowMs, after: (delayMs, callback) => clock.after(delayMs, callback) },
    });
    nowMs.mockClear();
    dimmer.boolean("plain", false, { targetingKey: "u" });
    dimmer.isOn("plain");
    expect(nowMs).not.toHaveBeenCalled();
    dimmer.boolean("ramp", false, { targetingKey: "u" });
    expect(nowMs).toHaveBeenCalledTimes(1);
  });

  test("never throw, whatever they are asked with", () => {
    server.put(flagSetOf(3, { hostile: booleanFlag("off", { targeting: { if: [{ var: "trap" }, "on", "off"] } }) }));
    const dimmer = start({ stores: [server] });
    const context = {
      get trap(): never {
        throw new Error("boom");
      },
    };
    expect(dimmer.details("hostile", true, context)).toMatchObject({
      value: true,
      reason: "ERROR",
      errorCode: "GENERAL",
    });
    expect(dimmer.boolean("hostile", true, context)).toBe(true);
    expect(dimmer.boolean("__proto__", true)).toBe(true);
  });

  test("go on answering after close", async () => {
    const dimmer = start();
    await dimmer.close();
    expect(dimmer.string("text", "")).toBe("x");
    expect(server.followers).toBe(0);
  });
});

describe("kill switch keys", () => {
  test("read whether their target is killed", async () => {
    const dimmer = start();
    expect(dimmer.boolean("ai.killswitch.provider.google", true)).toBe(false);
    await dimmer.kill({ scope: "provider", target: "google" });
    expect(dimmer.boolean("ai.killswitch.provider.google", false)).toBe(true);
    expect(dimmer.isOn("ai.killswitch.provider.google")).toBe(true);
    expect(dimmer.details("ai.killswitch.provider.google", false)).toMatchObject({
      value: true,
      source: "kills",
      reason: "STATIC",
    });
    expect(dimmer.status().counters.unknownFlags).toEqual({});
  });

  test("asked for as a text are flags nobody knows", () => {
    const dimmer = start();
    expect(dimmer.string("ai.killswitch.provider.google", "f")).toBe("f");
    expect(dimmer.details("ai.killswitch.provider.google", "f")).toMatchObject({ errorCode: "FLAG_NOT_FOUND" });
  });

  test("cannot be taken by a flag of that name", () => {
    server.put(flagSetOf(2, { "ai.killswitch.model.m": booleanFlag("on"), other: booleanFlag("on") }));
    const dimmer = start({ stores: [server] });
    expect([dimmer.boolean("ai.killswitch.model.m", true), dimmer.boolean("other", false)]).toEqual([false, true]);
    expect(dimmer.status().faults).toMatchObject([{ fix: "Remove the flag; kill with 'dimmer kill model m'." }]);
  });
});

describe("overrides", () => {
  const env = { DIMMER_FLAG_SERVER: "false", DIMMER_FLAG_SHARED: "maybe", DIMMER_FLAG_GONE: "true" };

  test("from the environment act as soon as their flag is there; what cannot be applied is a fault", () => {
    const late = createMemoryStore("control-plane");
    const dimmer = start({ stores: [late], overrides: createEnvironmentOverrides(env) });
    expect(dimmer.status().faults).toEqual([]);
    late.put(flagSetOf(1, { shared: booleanFlag("on"), server: booleanFlag("on") }));
    expect(dimmer.details("server", true)).toMatchObject({ value: false, reason: "OVERRIDE" });
    expect(dimmer.boolean("shared", false)).toBe(true);
    expect(faultsOf(dimmer)).toEqual([
      "overrides: DIMMER_FLAG_SHARED='maybe' is no value of the flag 'shared'.",
      "overrides: DIMMER_FLAG_GONE names no flag.",
    ]);
  });

  test("of a locked flag are refused", () => {
    server.put(flagSetOf(2, { otel: booleanFlag("on", { locked: "always on" }) }));
    const dimmer = start({ stores: [server], overrides: new Map([["otel", false]]) });
    expect(dimmer.boolean("otel", false)).toBe(true);
    expect(faultsOf(dimmer)).toEqual(["overrides: Override otel (false): 'otel' is locked: always on"]);
  });

  test("refuse a set in which two flags share one environment name", () => {
    const dimmer = start({ stores: [server], overrides: createEnvironmentOverrides({}) });
    server.put(flagSetOf(2, { "a.b": booleanFlag("on"), a_b: booleanFlag("on") }));
    expect(dimmer.boolean("server", false)).toBe(true);
    expect(faultsOf(dimmer)).toEqual([
      "control-plane: control-plane /flags: The flags 'a.b' and 'a_b' share the environment name DIMMER_FLAG_A_B. The set in force stays.",
    ]);
  });
});

describe("a set with faults", () => {
  test("is refused whole; the one in force stays, and each fault is told once with its place and fix", () => {
    const onFault = vi.fn<(error: Error) => void>();
    const dimmer = start({ onFault });
    const reading = {
      document: definitionsOf({ shared: { ...booleanFlag("on"), defaultVariant: "maybe" } }),
      origin: "flags.json",
    };
    const listener = {
      locate: (pointer: string) => (pointer === "/flags/shared/defaultVariant" ? { line: 12, column: 7 } : undefined),
    };
    file.putReading({ ...reading, ...listener });
    file.putReading({ ...reading, ...listener });
    expect(dimmer.boolean("shared", true)).toBe(false);
    expect(dimmer.status().faults).toEqual([
      {
        source: "file",
        code: "flag_set_invalid",
        message: expect.stringMatching(
          /^flags\.json:12:7 \/flags\/shared\/defaultVariant = "maybe": .* The set in force stays\.$/,
        ),
        fix: expect.stringContaining("on, off"),
      },
    ]);
    expect(onFault).toHaveBeenCalledTimes(1);
    file.put(definitionsOf({ shared: booleanFlag("on") }));
    expect(dimmer.boolean("shared", false)).toBe(true);
    expect(dimmer.status().faults).toEqual([]);
  });

  test("at the start is not served at all, and holds up nobody else", () => {
    file.put({ flags: { shared: { state: "ON" } } });
    const dimmer = start();
    expect(dimmer.boolean("shared", false)).toBe(true);
    expect(dimmer.status()).toMatchObject({
      isReady: false,
      stores: [{ name: "file", state: "refused" }, { state: "live" }],
    });
    expect(faultsOf(dimmer).every((fault) => fault.endsWith("Nothing of it is served."))).toBe(true);
  });

  test.each([
    ["null", null],
    ["a list", []],
    ["a text", "flags"],
    ["flags that are a text", { flags: "server" }],
    ["a version that is no number", { flags: {}, version: "7" }],
    ["a bucketing of the future", { flags: {}, bucketing: "flagd-v9" }],
  ])("such as %s changes nothing", (_, document) => {
    const dimmer = start({ stores: [server] });
    server.put(document);
    expect(dimmer.boolean("server", false)).toBe(true);
    expect(dimmer.status()).toMatchObject({
      version: 1,
      faults: [{ source: "control-plane", code: "flag_set_invalid" }],
    });
  });

  test("in the short form is understood, and its faults are named as they stand there", () => {
    file.put({ shared: { enabled: true } });
    const dimmer = start();
    expect(dimmer.boolean("shared", false)).toBe(true);
    file.put({ shared: { enabled: "yes" } });
    expect(faultsOf(dimmer)[0]).toContain('file /shared/enabled = "yes": ');
    expect(dimmer.boolean("shared", false)).toBe(true);
  });

  test("with its flags as a list, as flagd takes them too, is understood", () => {
    file.put({ flags: [{ key: "shared", ...booleanFlag("on") }] });
    const dimmer = start();
    expect(dimmer.boolean("shared", false)).toBe(true);
    file.put({ flags: [{ key: "shared", ...booleanFlag("off") }, booleanFlag("on")] });
    expect(faultsOf(dimmer)[0]).toContain("file /flags/1/key");
    expect(dimmer.boolean("shared", false)).toBe(true);
  });

  test("because a flag below is gone is left out, and is back with it; it never holds up what is below", () => {
    file.put(definitionsOf({ child: booleanFlag("on", { prerequisites: ["server"] }) }));
    const dimmer = start();
    server.put(flagSetOf(2, { other: booleanFlag("on") }));
    expect(dimmer.details("other", false)).toMatchObject({ value: true, version: 2 });
    expect(dimmer.details("child", false).source).toBe("default");
    expect(faultsOf(dimmer)).toEqual([
      'file: file /flags/child/prerequisites/0 = "server": There is no flag with this key. Nothing of it is served.',
    ]);
    server.put(flagSetOf(3, { server: booleanFlag("on") }));
    expect(dimmer.boolean("child", false)).toBe(true);
    expect(dimmer.status().faults).toEqual([]);
  });

  test("because it buckets otherwise than the store below is refused", () => {
    const dimmer = start();
    file.put(definitionsOf({ shared: booleanFlag("on") }, { bucketing: "flagd-v1" }));
    expect(faultsOf(dimmer)[0]).toContain('/bucketing = "flagd-v1": The store below buckets by flagd-v2');
    expect(dimmer.boolean("shared", true)).toBe(false);
  });

  test("because it gives another meaning to a name the store below uses is refused", () => {
    server.put(
      flagSetOf(2, { shared: booleanFlag("on") }, { $evaluators: { staff: { "==": [{ var: "team" }, "x"] } } }),
    );
    const dimmer = start();
    file.put(definitionsOf({}, { $evaluators: { staff: true } }));
    expect(faultsOf(dimmer)[0]).toContain("/$evaluators/staff: A store below defines this name otherwise.");
  });
});

test("a set's metadata goes with its flags wherever they are laid", () => {
  server.put(
    flagSetOf(2, { server: booleanFlag("on", { metadata: { tier: 1 } }) }, { metadata: { team: "a", tier: 0 } }),
  );
  file.put(definitionsOf({ shared: booleanFlag("on") }, { metadata: { team: "b" } }));
  const dimmer = start();
  expect(dimmer.details("server", false).metadata).toEqual({ team: "a", tier: 1 });
  expect(dimmer.details("shared", false).metadata).toEqual({ team: "b" });
});

describe("versions", () => {
  test("never go back", () => {
    server.put(flagSetOf(5, { server: booleanFlag("on") }));
    const dimmer = start({ stores: [server] });
    server.put(flagSetOf(4, { server: booleanFlag("off") }));
    expect(dimmer.details("server", false)).toMatchObject({ value: true, version: 5 });
    expect(dimmer.status().faults).toMatchObject([
      {
        code: "version_went_back",
        message: "The store 'control-plane' holds version 4 of the flag set; version 5 stays in force.",
      },
    ]);
    server.put(flagSetOf(6, { server: booleanFlag("off") }));
    expect(dimmer.details("server", true)).toMatchObject({ value: false, version: 6 });
    expect(dimmer.status().faults).toEqual([]);
  });

  test("of another set are followed only when an operator accepts it", () => {
    const other = flagSetOf(9, { server: booleanFlag("off") }, { setId: "set-2" });
    const dimmer = start({ stores: [server] });
    server.put(other);
    expect(dimmer.boolean("server", false)).toBe(true);
    expect(dimmer.status().faults).toMatchObject([
      { code: "set_id_changed", fix: "To follow the new set, start this process with acceptSetId 'set-2'." },
    ]);
    const accepting = start({ stores: [server], acceptSetId: "set-2" });
    server.put(flagSetOf(1, { server: booleanFlag("on") }, { setId: "set-1" }));
    server.put(other);
    expect(accepting.details("server", true)).toMatchObject({ value: false, version: 9 });
  });

  test("of a document without one are the time it was written, and rise with every change, also back to what it was", () => {
    const [one, two] = [definitionsOf({ f: booleanFlag("on") }), definitionsOf({ f: booleanFlag("off") })];
    const dimmer = start({ stores: [file] });
    const versions: number[] = [];
    for (const [document, atMs] of [
      [one, 5000],
      [one, 6000],
      [two, 6000],
      [one, 4000],
    ] as const) {
      file.put(document, clock.nowMs() + atMs);
      versions.push(dimmer.status().version);
    }
    const first = (clock.nowMs() + 5000) * 1024;
    expect(versions).toEqual([first, first, (clock.nowMs() + 6000) * 1024, (clock.nowMs() + 6000) * 1024 + 1]);
  });
});

describe("events", () => {
  test("name the flags whose answer may have changed, those that need them included", () => {
    server.put(
      flagSetOf(2, { a: booleanFlag("on"), b: booleanFlag("on", { prerequisites: ["a"] }), c: booleanFlag("on") }),
    );
    const dimmer = start({ stores: [server] });
    const changes: unknown[] = [];
    const stop = dimmer.on("change", ({ keys }) => changes.push(keys));
    server.put(
      flagSetOf(3, {
        a: booleanFlag("off"),
        b: booleanFlag("on", { prerequisites: ["a"] }),
        c: booleanFlag("on"),
        d: booleanFlag("on"),
      }),
    );
    server.put(
      flagSetOf(3, {
        a: booleanFlag("off"),
        b: booleanFlag("on", { prerequisites: ["a"] }),
        c: booleanFlag("on"),
        d: booleanFlag("on"),
      }),
    );
    stop();
    server.put(flagSetOf(4, {}));
    expect(changes).toEqual([["a", "d", "b"]]);
  });

  test("tell of kills, and of the flags they change", async () => {
    server.put(
      flagSetOf(2, { a: booleanFlag("on", { safeVariant: "off" }), b: booleanFlag("on", { prerequisites: ["a"] }) }),
    );
    const dimmer = start({ stores: [server], killStores: [server] });
    const told: unknown[] = [];
    dimmer.on("change", ({ keys }) => told.push(keys));
    dimmer.on("kills", ({ active }) => told.push(active.map((kill) => kill.target)));
    server.putKills({ kills: [killOf("k1", "flag", "a"), killOf("k2", "provider", "google")], revives: [] }, 1);
    expect(told).toEqual([
      ["a", "b"],
      ["a", "google"],
    ]);
    expect(dimmer.activeKills.map((kill) => kill.id)).toEqual(["k1", "k2"]);
  });

  test("a listener that throws harms nobody else and is a fault", () => {
    const dimmer = start({ stores: [server] });
    const second = vi.fn<() => void>();
    dimmer.on("change", () => {
      throw new Error("mine");
    });
    dimmer.on("change", second);
    server.put(flagSetOf(2, {}));
    expect(second).toHaveBeenCalledTimes(1);
    expect(faultsOf(dimmer)).toEqual(["listener: A listener to 'change' threw: mine"]);
  });
});

describe("options that contradict themselves", () => {
  test.each<[string, Partial<DimmerOptions>, string]>([
    [
      "two stores of one name",
      { stores: [createMemoryStore("a"), createMemoryStore("a")] },
      "Two of the stores are called 'a'",
    ],
    [
      "a store with a name that means something else",
      { stores: [createMemoryStore("definitions")] },
      "called 'definitions'",
    ],
    ["a kill store called latch", { killStores: [createMemoryStore("latch")] }, "called 'latch'"],
    ["a time that is none", { flushIntervalMs: 0 }, "'flushIntervalMs' is 0"],
  ])("%s", (_, options, message) => {
    expect(() => start(options)).toThrow(
      expect.objectContaining({ code: "config_invalid", message: expect.stringContaining(message) }),
    );
  });

  test("definitions with faults", () => {
    const definitions = definitionsOf({ a: booleanFlag("on", { defaultVariant: "none" }) });
    expect(() => start({ definitions })).toThrow(
      expect.objectContaining({
        code: "flag_set_invalid",
        message: expect.stringContaining("/flags/a/defaultVariant"),
      }),
    );
  });
});
