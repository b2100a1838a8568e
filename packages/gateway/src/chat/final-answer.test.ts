import { finalAnswer } from "@dimmer/gateway";
import { expect, test } from "vitest";

test.each([
  ["x\n#### 12", "12"],
  ["#### 1\nno, wait\n#### $1,200.50", "1200.5"],
  ["#### 12.", "12"],
  ["  just \n text ", "just text"],
  ["#### twelve", "twelve"],
])("finalAnswer of %j is %j", (text, answer) => {
  expect(finalAnswer(text)).toBe(answer);
});
