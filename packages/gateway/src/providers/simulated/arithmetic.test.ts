import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { evaluateArithmetic, findArithmetic } from "./arithmetic.ts";

type Tree = number | readonly [left: Tree, operator: "+" | "-" | "*", right: Tree];

const tree: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small" },
    fc.integer({ min: 0, max: 50 }),
    fc.tuple(tie("tree"), fc.constantFrom("+" as const, "-" as const, "*" as const), tie("tree")),
  ),
})).tree;

function write(expression: Tree): string {
  return typeof expression === "number"
    ? String(expression)
    : `(${write(expression[0])} ${expression[1]} ${write(expression[2])})`;
}

function compute(expression: Tree): number {
  if (typeof expression === "number") return expression;
  const [left, right] = [compute(expression[0]), compute(expression[2])];
  return expression[1] === "+" ? left + right : expression[1] === "-" ? left - right : left * right;
}

describe("evaluateArithmetic", () => {
  test("computes what the tree of the expression says", () => {
    fc.assert(
      fc.property(tree, (expression) => {
        const value = compute(expression);
        fc.pre(Math.abs(value) < 1e9);
        expect(evaluateArithmetic(write(expression))).toBeCloseTo(value, 5);
      }),
    );
  });

  test.each([
    ["2 + 3 * 4", 14],
    ["2 * 3 - 4 - 1", 1],
    ["8 / 4 / 2", 1],
    ["-3 + 5", 2],
    ["0.1 + 0.2", 0.3],
  ])("%s = %d", (expression, value) => {
    expect(evaluateArithmetic(expression)).toBe(value);
  });

  test.each(["", "2 +", "(2", "2)", "1 / 0", "2 x 3", "process.exit()"])("'%s' is none", (expression) => {
    expect(evaluateArithmetic(expression)).toBeUndefined();
  });
});

test.each([
  ["What is 17 * 23?", "17 * 23"],
  ["Compute (4 + 5) × 3, please.", "(4 + 5) * 3"],
  ["In 2024 there were 1,200 - 30 of them.", "1200 - 30"],
  ["Nothing to compute here, in 2024.", undefined],
])("findArithmetic finds in '%s': %s", (text, expression) => {
  expect(findArithmetic(text)).toBe(expression);
});
