import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findCalculations } from "./calculation.ts";

/** [operands, claimed, result] of every calculation found. */
function found(text: string): unknown[] {
  return findCalculations(text).map(({ operands, claimed, result }) => [operands, claimed, result]);
}

describe("calculations are found in the forms people and models write", () => {
  test.each([
    ["16 - 3 = 13", [[16, 3], 13, "exact"]],
    ["<<9*2=18>>", [[9, 2], 18, "exact"]],
    ["$2 per egg * 9 = $18", [[2, 9], 18, "exact"]],
    ["which totals 3 + 4 = 7 eggs used daily.", [[3, 4], 7, "exact"]],
    ["84 tomatoes / 3 tomatoes/vine = 28 vines", [[84, 3], 28, "exact"]],
    ["4 (goals of team A) - 2 = 2", [[4, 2], 2, "exact"]],
    ["1,000 + 2,500.50 = 3,500.5", [[1000, 2500.5], 3500.5, "exact"]],
    ["20% of $50 = $10", [[0.2, 50], 10, "exact"]],
    ["50 x 20/100 = 10", [[50, 20, 100], 10, "exact"]],
    ["2/3 of 60 = 40", [[2, 3, 60], 40, "exact"]],
    ["(2 + 3) × 4 = 20", [[2, 3, 4], 20, "exact"]],
    ["4(40) - 13 = 147", [[4, 40, 13], 147, "exact"]],
    ["2 + 3 * 4 = 14", [[2, 3, 4], 14, "exact"]],
    ["20 - 6 / 3 - 1 = 17", [[20, 6, 3, 1], 17, "exact"]],
    ["10 x 2^5 = 320", [[10, 2, 5], 320, "exact"]],
    ["5 \\* 3 = 15", [[5, 3], 15, "exact"]],
    ["\\( \\frac{10}{2} \\times 3 = 15 \\)", [[10, 2, 3], 15, "exact"]],
    ["3 dozen * $68 per dozen = $204", [[36, 68], 204, "exact"]],
    ["84 eggs / 12 eggs per dozen = 7 dozens", [[84, 12], 84, "exact"]],
    ["10 - 12.5 = -2.5", [[10, 12.5], -2.5, "exact"]],
    ["40 / 6 = 6.67 packs", [[40, 6], 6.67, "rounded"]],
    ["2/9 x 100 = 22.22%", [[2, 9, 100], 0.22219999999999998, "rounded"]],
    ["73 / 8 = 9 boxes", [[73, 8], 9, "rounded"]],
    ["5 + 3 = 9", [[5, 3], 9, "wrong"]],
    ["12.8 * 2.5 = 31", [[12.8, 2.5], 31, "wrong"]],
    ["<<2000*1.05*52=110400>>", [[2000, 1.05, 52], 110400, "wrong"]],
  ])("%s", (text, calculation) => {
    expect(found(text)).toEqual([calculation]);
  });

  test.each([
    "x + 4 = 10",
    "2x + 3 = 11",
    "Total = 18",
    "So she has 18 left.",
    "y = 3",
    "240 boys / students = 40% / 100%",
    "= 5",
    "3 + = 4",
  ])("nothing is claimed by: %s", (text) => {
    expect(found(text)).toEqual([]);
  });
});

test("a step written in prose and annotated counts once", () => {
  expect(found("He pays 9 * $2 = $<<9*2=18>>18.")).toEqual([[[9, 2], 18, "exact"]]);
});

test("a chain of equals signs is a calculation each time something is left to calculate", () => {
  expect(found("2 + 11 + 20 * $2 = 2 + 11 + 40 = $53")).toEqual([
    [[2, 11, 20, 2], 53, "exact"],
    [[2, 11, 40], 53, "exact"],
  ]);
});

test("a result that is calculated on in the same breath is claimed as it stands after its sign", () => {
  expect(found("16 + 20 = 36 / 3 = 12")).toEqual([
    [[16, 20], 36, "exact"],
    [[36, 3], 12, "exact"],
  ]);
});

test("sums, differences, products and quotients of any numbers are computed again as arithmetic computes them", () => {
  const number = fc.integer({ min: 1, max: 9999 });
  const operator = fc.constantFrom("+", "-", "*", "/");
  const term = fc.record({ left: number, operator, right: number });
  fc.assert(
    fc.property(term, operator, number, (inner, outer, last) => {
      const value = apply(outer, apply(inner.operator, inner.left, inner.right), last);
      const text = `(${inner.left} ${inner.operator} ${inner.right}) ${outer} ${last} = ${value.toFixed(6)}`;
      const [calculation] = findCalculations(text);
      expect(calculation?.computed).toBeCloseTo(value, 6);
      expect(calculation?.result).not.toBe("wrong");
    }),
  );
});

function apply(operator: string, left: number, right: number): number {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  return operator === "*" ? left * right : left / right;
}

test("a claim that is off by more than rounding is wrong, whatever the numbers", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 9999 }),
      fc.integer({ min: 2, max: 9999 }),
      fc.integer({ min: 2, max: 50 }),
      (a, b, error) => {
        const claimed = a + b + error;
        const isAnotherScale = [100, 12].some(
          (scale) => Math.abs((a + b) * scale - claimed) < 1 || Math.abs((a + b) / scale - claimed) < 1,
        );
        fc.pre(!isAnotherScale);
        expect(findCalculations(`${a} + ${b} = ${claimed}`)[0]?.result).toBe("wrong");
      },
    ),
  );
});

const characters = "0123456789+-*/=()<>%$., x^\n".split("");

test("any text at all is read without failing", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...characters), maxLength: 200 }), (text) => {
      expect(Array.isArray(findCalculations(text))).toBe(true);
    }),
  );
});
