import { compile, evaluate } from "@dimmer/engine";
import { isFlagList, keyFlags, pointerInList } from "@dimmer/engine/flag-list";
import { expect, test } from "vitest";

const onOff = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "on" };

function keyed(flags: readonly unknown[]): unknown {
  const result = keyFlags({ flags, metadata: { team: "shop" } });
  return result.ok ? result.definitions : result.faults.map(({ pointer, code }) => `${pointer} ${code}`);
}

test("flags that stand in a list are flags by key", () => {
  const definitions = keyed([
    { key: "banner", ...onOff },
    { key: "a/b", ...onOff, defaultVariant: "off" },
  ]);
  const result = compile(definitions);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  expect(result.compiled.keys).toEqual(["banner", "a/b"]);
  expect(evaluate(result.compiled, "a/b", {}, 0)).toMatchObject({ value: false, metadata: { team: "shop" } });
});

test("what has no key of its own is named by its place", () => {
  const flags = [onOff, { key: 7, ...onOff }, { key: "same", ...onOff }, { key: "same", ...onOff }, "banner"];
  expect(keyed(flags)).toEqual([
    "/flags/0/key not-text",
    "/flags/1/key not-text",
    "/flags/3/key same-key",
    "/flags/4 not-object",
  ]);
});

test("a key nobody may have is left for the compiler to refuse", () => {
  const result = compile(keyed([{ key: "__proto__", ...onOff }]));
  expect(result.ok ? [] : result.faults).toMatchObject([{ pointer: "/flags/__proto__", code: "bad-name" }]);
});

test("places by key are found in the list", () => {
  const list = { flags: [{ key: "banner", ...onOff }, { key: "a/b" }] };
  expect(pointerInList(list, "/flags/a~1b/variants/on")).toBe("/flags/1/variants/on");
  expect(pointerInList(list, "/flags/banner")).toBe("/flags/0");
  expect(pointerInList(list, "/flags/gone/state")).toBe("/flags/gone/state");
  expect(pointerInList(list, "/$evaluators/banner")).toBe("/$evaluators/banner");
});

test.each([
  ["flags by key", { flags: { banner: onOff } }, false],
  ["the short form", { banner: { enabled: true } }, false],
  ["a list alone", [onOff], false],
  ["nothing", undefined, false],
  ["a list of flags", { flags: [] }, true],
])("%s", (_what, input, expected) => {
  expect(isFlagList(input)).toBe(expected);
});
