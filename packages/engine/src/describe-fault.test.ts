import { compile } from "@dimmer/engine";
import { describeFault } from "@dimmer/engine/faults";
import { expandShortForm } from "@dimmer/engine/short-form";
import { overlay } from "@dimmer/engine/overlay";
import { expect, test } from "vitest";

const flag = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };

/** Every finding about a set, as lines a person would read. */
function linesOf(result: ReturnType<typeof compile> | ReturnType<typeof expandShortForm>): readonly string[] {
  const found = [...(result.ok ? [] : result.faults), ...("warnings" in result ? result.warnings : [])];
  return found.map(describeFault).map(({ pointer, message, fix }) => `${pointer} ${message} ${fix}`);
}

function targeted(targeting: unknown, rest: object = {}): readonly string[] {
  return linesOf(compile({ flags: { f: { ...flag, targeting } }, ...rest }));
}

test("what must be an object is shown one of its kind", () => {
  expect(linesOf(compile([]))).toEqual([' A flag set must be an object. Write {"flags": {…}}.']);
  expect(linesOf(compile({ flags: { f: 1 } }))).toEqual([
    '/flags/f A flag must be an object. Write {"state": "ENABLED", "variants": {…}, "defaultVariant": "…"}.',
  ]);
  expect(targeted("on")).toEqual([
    "/flags/f/targeting 'targeting' must be an object. Write {\"if\": […]}, or leave it out.",
  ]);
  expect(linesOf(expandShortForm({ f: true }))).toEqual([
    '/f A flag in the short form is an object. Write {"enabled": false}.',
  ]);
});

test("an operator is shown how it is written", () => {
  expect(targeted({ in: ["a"] })).toEqual([
    '/flags/f/targeting/in \'in\' takes what to look for and where to look. Write {"in": [{"var": "attribute"}, ["a", "b"]]}.',
  ]);
  expect(targeted({ if: [{ map: [1] }] })).toEqual([
    '/flags/f/targeting/if/0/map \'map\' takes a list and what to do with its elements. Write {"map": [{"var": "list"}, {…}]}.',
  ]);
  expect(targeted({ "<": [1] })).toEqual([
    '/flags/f/targeting/< \'<\' compares two operands. Write {"<": [{"var": "attribute"}, 1]}.',
  ]);
});

test("a circle is told in its order, and mended where it is", () => {
  const flags = { a: { ...flag, prerequisites: ["b"] }, b: { ...flag, prerequisites: ["a"] } };
  expect(linesOf(compile({ flags }))).toEqual([
    "/flags/a/prerequisites Flags need each other in a circle: a → b → a. Remove one of these prerequisites.",
  ]);
  expect(targeted({ $ref: "a" }, { $evaluators: { a: { "!": { $ref: "a" } } } })).toEqual([
    "/$evaluators/a Evaluators refer to each other in a circle: a → a. Break the circle.",
  ]);
});

test("a flag of the short form may have any name", () => {
  expect(linesOf(expandShortForm({ strategy: { enabled: true, colour: 1 } }))).toEqual([
    expect.stringMatching(/^\/strategy\/colour The short form does not know this\. Use enabled, /),
  ]);
});

test("names with slashes and tildes are told as they are", () => {
  const result = compile({ flags: { f: { ...flag, strategy: { type: "all-at-once", "a/b~c": 1 } } } });
  expect(linesOf(result)).toEqual([
    "/flags/f/strategy/a~1b~0c The strategy 'all-at-once' has no 'a/b~c'. Remove it; besides 'type' it takes nothing.",
  ]);
});

test("overrides that cannot be are told with what can", () => {
  const result = compile({ flags: { f: flag } });
  const faults = result.ok
    ? overlay(result.compiled, { killedFlags: new Set(), overrides: new Map([["f", 1]]) }).faults
    : [];
  expect(faults.map(describeFault)).toEqual([
    {
      pointer: "/f",
      code: "unknown-value",
      value: 1,
      message: "No variant of 'f' has this value.",
      fix: "Use one of: true, false.",
    },
  ]);
});
