import { expect, test } from "vitest";
import { readFinalAnswer } from "./final-answer.ts";

test.each([
  ["16 - 3 = 13\n#### 13", { value: 13, isMarked: true, hasWords: false }],
  ["#### 1,250.50\n", { value: 1250.5, isMarked: true, hasWords: false }],
  ["#### $18.00", { value: 18, isMarked: true, hasWords: false }],
  ["#### -7", { value: -7, isMarked: true, hasWords: false }],
  ["#### 25%", { value: 25, isMarked: true, hasWords: false }],
  ["#### 5/2", { value: 2.5, isMarked: true, hasWords: false }],
  ["#### 60 minutes", { value: 60, isMarked: true, hasWords: true }],
  ["#### 4\nNo, wait.\n#### 5", { value: 5, isMarked: true, hasWords: false }],
  ["so the result is \\boxed{42}.", { value: 42, isMarked: true, hasWords: false }],
  ["She has 9 eggs left and sells them for $18.", { value: 18, isMarked: false, hasWords: false }],
  ["That is $<<9*2=18>>18", { value: 18, isMarked: false, hasWords: false }],
  ["#### none\nbut perhaps 3", { value: 3, isMarked: false, hasWords: false }],
])("%s", (text, final) => {
  expect(readFinalAnswer(text)).toEqual(final);
});

test("a text without a number has no final answer", () => {
  expect(readFinalAnswer("I cannot tell.")).toBeUndefined();
});
