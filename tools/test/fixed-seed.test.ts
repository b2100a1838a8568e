import { assert, integer, property } from "fast-check";
import { expect, test } from "vitest";

test("two runs of a property draw the same cases", () => {
  expect(drawn()).toEqual(drawn());
});

function drawn(): number[] {
  const cases: number[] = [];
  assert(property(integer(), (value) => void cases.push(value)));
  return cases;
}
