import fc from "fast-check";
import { expect, test } from "vitest";
import type { Answer } from "../answer.ts";
import type { Demand } from "../demand.ts";
import { isAgreed, scoreAgreement } from "./agreement.ts";

const number: Demand = { type: "number", question: "?" };

function answer(text: string): Answer {
  return { text, finishReason: "stop" };
}

test("numbers agree whatever the way they are written", () => {
  expect(isAgreed(number, answer("#### 1,200"), answer("So it costs $1200.00."))).toBe(true);
  expect(isAgreed(number, answer("#### 12"), answer("#### 13"))).toBe(false);
  expect(isAgreed(number, answer("none"), answer("none"))).toBe(false);
});

test("JSON agrees whatever the order of its members; prose never does", () => {
  expect(isAgreed({ type: "json", schema: undefined }, answer('{"a":1,"b":[2]}'), answer('{"b":[2],"a":1}'))).toBe(
    true,
  );
  expect(isAgreed({ type: "json", schema: undefined }, answer('{"a":1}'), answer('{"a":2}'))).toBe(false);
  expect(isAgreed({ type: "prose" }, answer("yes"), answer("yes"))).toBe(false);
});

test("agreement raises two middling scores and cannot save two bad ones", () => {
  expect(scoreAgreement(0.6, 0.6)).toBeGreaterThan(0.9);
  expect(scoreAgreement(0.2, 0.2)).toBeLessThan(0.3);
});

test("agreement never lowers a score, favours neither side, and stays within 0 and 1", () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(score, score, (one, other) => {
      const agreed = scoreAgreement(one, other);
      expect(agreed).toBeGreaterThanOrEqual(Math.max(one, other));
      expect(agreed).toBeLessThanOrEqual(1);
      expect(scoreAgreement(other, one)).toBe(agreed);
    }),
  );
});
