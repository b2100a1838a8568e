import { compile, evaluate } from "@dimmer/engine";
import { describe, expect, test } from "vitest";

const context = {
  targetingKey: "user-1",
  age: 30,
  name: "Ann",
  email: "ann@example.com",
  empty: "",
  zero: 0,
  no: false,
  nothing: null,
  list: [1, 2, 3],
  people: [{ name: "Ann", pets: ["cat"] }, { name: "Bob" }],
  user: { plan: "pro", id: 7 },
  none: [],
  blank: {},
};

/** The text a rule gives, made visible as the name of the variant that would be missing. */
function textOf(logic: unknown): string | undefined {
  const targeting = { cat: ["<", logic, ">"] };
  const result = compile({ flags: { f: { state: "ENABLED", variants: { off: false }, targeting } } });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  const { errorMessage } = evaluate(result.compiled, "f", context, 5_500);
  return /'<(.*)>'/s.exec(errorMessage ?? "")?.[1];
}

/** Whether a rule counts as true. */
function holds(logic: unknown): boolean {
  const targeting = { if: [logic, "yes", "no"] };
  const result = compile({ flags: { f: { state: "ENABLED", variants: { yes: true, no: false }, targeting } } });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return evaluate(result.compiled, "f", context, 5_500).variant === "yes";
}

describe("gives", () => {
  const cases: readonly (readonly [unknown, string])[] = [
    [{ var: "name" }, "Ann"],
    [{ var: ["name"] }, "Ann"],
    [{ var: "user.plan" }, "pro"],
    [{ var: "list.1" }, "2"],
    [{ var: "people.0.pets.0" }, "cat"],
    [{ var: "no.such.thing" }, ""],
    [{ var: ["gone", "instead"] }, "instead"],
    [{ var: ["nothing", { var: "name" }] }, "Ann"],
    [{ var: { cat: ["na", "me"] } }, "Ann"],
    [{ var: { var: "email" } }, ""],
    [{ var: "constructor" }, ""],
    [{ var: "__proto__.toString" }, ""],
    [{ var: "list.length" }, "3"],
    [{ var: "$flagd.flagKey" }, "f"],
    [{ var: "$flagd.timestamp" }, "5"],
    [{ var: { cat: ["$flagd", ".timestamp"] } }, "5"],
    [{ cat: ["a", 1, true, null, [1, [2]]] }, "a1true1,2"],
    [{ cat: "only" }, "only"],
    [{ substr: ["jsonlogic", 4] }, "logic"],
    [{ substr: ["jsonlogic", -5] }, "logic"],
    [{ substr: ["jsonlogic", 1, 3] }, "son"],
    [{ substr: ["jsonlogic", 4, -2] }, "log"],
    [{ substr: [{ var: "age" }, 1] }, ""],
    [{ "+": [1, "2", null] }, "3"],
    [{ "+": "3" }, "3"],
    [{ "-": [5, 2, 1] }, "2"],
    [{ "-": [5] }, "-5"],
    [{ "*": [2, 3, 4] }, "24"],
    [{ "/": [6, 3] }, "2"],
    [{ "/": [4] }, "0.25"],
    [{ "%": [7, 3] }, "1"],
    [{ "+": [{ var: "name" }, 1] }, "NaN"],
    [{ "/": [1, 0] }, "NaN"],
    [{ max: [1, 3, 2] }, "3"],
    [{ min: { var: "list" } }, "1"],
    [{ max: [] }, "NaN"],
    [{ merge: [1, [2, [3]], []] }, "1,2,3"],
    [{ map: [{ var: "list" }, { "*": [{ var: "" }, 2] }] }, "2,4,6"],
    [{ filter: [{ var: "people" }, { var: "pets" }] }, "[object Object]"],
    [{ map: [{ var: "people" }, { var: "name" }] }, "Ann,Bob"],
    [{ map: [{ var: "name" }, 1] }, ""],
    [{ reduce: [{ var: "list" }, { "+": [{ var: "current" }, { var: "accumulator" }] }, 10] }, "16"],
    [{ reduce: [{ var: "list" }, { "*": [{ var: "current" }, { var: "accumulator" }] }] }, "6"],
    [{ reduce: [{ var: "none" }, 1, "start"] }, "start"],
    [{ missing: ["age", "gone", "user.plan", "user.gone"] }, "gone,user.gone"],
    [{ missing: "gone" }, "gone"],
    [{ missing: { merge: ["gone", "age"] } }, "gone"],
    [{ missing_some: [1, ["age", "gone"]] }, ""],
    [{ missing_some: [2, ["age", "gone"]] }, "gone"],
    [{ if: [false, "a", 0, "b", "c"] }, "c"],
    [{ if: [false, "a"] }, ""],
    [{ if: ["alone"] }, "alone"],
    [{ or: [0, "", "last"] }, "last"],
    [{ and: [1, "", "never"] }, ""],
    [{ and: [1, "last"] }, "last"],
    [{ fractional: [[{ var: "user.plan" }, 1]] }, "pro"],
    [{ fractional: [[{ var: "list" }, 1]] }, ""],
  ];
  test.each(cases)("%j → '%s'", (logic, expected) => {
    expect(textOf(logic)).toBe(expected);
  });
});

describe("holds", () => {
  const cases: readonly unknown[] = [
    { "==": [{ var: "name" }, "Ann"] },
    { "==": ["Ann", { var: "name" }] },
    { "==": [{ var: "age" }, "30"] },
    { "==": [{ var: "gone" }, null] },
    { "==": [{ var: "gone" }, 0] },
    { "===": [{ var: "gone" }, null] },
    { "!==": [{ var: "age" }, "30"] },
    { "!=": [{ var: "gone" }, "x"] },
    { "!=": [{ var: "list" }, "1,2,3"] },
    { "<": [18, { var: "age" }, 65] },
    { ">=": [{ var: "age" }, "30"] },
    { "<": ["a", "b"] },
    { in: ["nn", { var: "name" }] },
    { in: [{ var: "name" }, ["Ann", "Bob"]] },
    { in: [{ var: "name" }, ["1", "2", "3", "4", "5", "Ann"]] },
    { in: [{ var: "gone" }, [null]] },
    { in: [2, { var: "list" }] },
    { "!": [{ var: "none" }] },
    { "!": { var: "blank" } },
    { "!!": ["0"] },
    { some: [{ var: "list" }, { ">": [{ var: "" }, 2] }] },
    { all: [{ var: "list" }, { ">": [{ var: "" }, 0] }] },
    { none: [{ var: "gone" }, true] },
    { starts_with: [{ var: "email" }, "ann@"] },
    { ends_with: [{ var: "email" }, ".com"] },
    { starts_with: ["abc", "a"] },
    { sem_ver: ["1.10.0", ">", "1.9.9"] },
    { sem_ver: ["1.0.0-alpha.1", "<", "1.0.0-alpha.beta"] },
    { sem_ver: ["1.0.0-alpha.2", "<", "1.0.0-alpha.11"] },
    { sem_ver: ["1.0.0-rc.1", "<", "1.0.0"] },
    { sem_ver: ["1.0.0-a", "<", "1.0.0-a.b"] },
    { sem_ver: ["1.0.0+a", "=", "v1.0.0+b"] },
    { sem_ver: ["2.3.4", "^", "2.9.0"] },
    { sem_ver: ["2.3.4", "~", "2.3.9"] },
    { sem_ver: [2, "=", "2.0.0"] },
    { sem_ver: ["1.2.3", "!=", "1.2.4"] },
  ];
  test.each(cases)("%j", (logic) => expect(holds(logic)).toBe(true));
});

describe("does not hold", () => {
  const cases: readonly unknown[] = [
    { ">": [{ var: "gone" }, 18] },
    { "==": [{ var: "name" }, 20] },
    { "<": [{ var: "name" }, 20] },
    { ">": [{ var: "blank" }, 0] },
    { "==": [{ var: "blank" }, "[object Object]"] },
    { in: [{ var: "gone" }, "nothing null"] },
    { in: ["x", 5] },
    { all: [[], true] },
    { some: [{ var: "age" }, true] },
    { var: "nothing" },
    { "!": ["x"] },
    { starts_with: [{ var: "age" }, "3"] },
    { ends_with: ["abc"] },
    { sem_ver: ["1.0", ">", { var: "name" }] },
    { sem_ver: ["01.0.0", "=", "1.0.0"] },
    { sem_ver: ["1.0.0-", "=", "1.0.0"] },
    { sem_ver: ["1.0.0.0", "=", "1.0.0"] },
    { sem_ver: ["9007199254740993.0.0", ">", "1.0.0"] },
  ];
  test.each(cases)("%j", (logic) => expect(holds(logic)).toBe(false));
});
