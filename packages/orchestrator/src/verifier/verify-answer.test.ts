import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Demand } from "../demand.ts";
import { defaultThreshold } from "./score-model.ts";
import { canReach, formOnlyScore, verifyAnswer } from "./verify-answer.ts";
import type { Verification } from "./verify-answer.ts";

const question = "Ann packs 12 boxes of 8 pears each. She gives away 20 pears. How many pears are left?";
const number: Demand = { type: "number", question };
const json: Demand = { type: "json", schema: undefined };
const good = "Ann packs 12 * 8 = <<12*8=96>>96 pears.\nShe keeps 96 - 20 = <<96-20=76>>76 pears.\n#### 76";

function verify(text: string, demand: Demand = number, finishReason = "stop"): Verification {
  return verifyAnswer(demand, { text, finishReason });
}

test("a clean derivation reaches the default threshold", () => {
  expect(verify(good).score).toBeGreaterThanOrEqual(defaultThreshold);
});

test.each([
  ["leaves a quantity out", "12 * 8 = 96\n#### 96"],
  ["ends on a fraction", "12 * 8 = 96\n96 / 20 = 4.8\n#### 4.8"],
  ["doubts itself", `${good.replace("####", "However, this may be a mistake.\n####")}`],
  ["calculates nothing", "There are 76 pears left.\n#### 76"],
])("an answer that %s does not", (_, text) => {
  const verification = verify(text);
  expect(verification.type).toBe("scored");
  expect(verification.score).toBeLessThan(defaultThreshold);
});

describe("certain faults fail whatever the score would be", () => {
  test.each([
    ["empty", "", "stop"],
    ["truncated", good, "length"],
    ["withheld", good, "content_filter"],
    ["not-text", good, "tool_calls"],
    ["truncated", "Ann packs 12 * 8 = <<12*8", "stop"],
    ["truncated", "Ann packs 12 * 8 =", "stop"],
    ["truncated", "Ann has 1200 * 100 = 120,00", "stop"],
    ["wrong-arithmetic", good.replace("<<96-20=76>>76", "<<96-20=74>>74"), "stop"],
    ["no-number", "I do not know.", "stop"],
    ["too-long", `${good}${" and so on".repeat(2000)}\n#### 76`, "stop"],
    ["too-long", `${"96 - 20 = 76\n".repeat(300)}#### 76`, "stop"],
  ])("%s", (fault, text, finishReason) => {
    expect(verify(text, number, finishReason)).toEqual({ type: "failed", fault, score: 0 });
  });
});

describe("a question that states its calculation is solved, and the answer proved", () => {
  const stated: Demand = { type: "number", question: "What is 17 * 23 + 4?" };

  test("the right result scores 1 however it was found", () => {
    expect(verify("17 * 23 + 4 = 395\n#### 395", stated)).toEqual({ type: "scored", score: 1 });
    expect(verify("It is 395.", stated)).toEqual({ type: "scored", score: 1 });
  });

  test.each([
    ["the working does not add up", "17 * 23 + 4 = 396\n#### 396"],
    ["the working adds up to something else", "17 * 23 + 5 = 396\n#### 396"],
    ["only an estimate is given", "That is about 400."],
  ])("it fails when %s", (_, text) => {
    expect(verify(text, stated)).toEqual({ type: "failed", fault: "wrong-arithmetic", score: 0 });
  });

  test("a question in words is not taken for a calculation", () => {
    expect(
      verify("#### 3", { type: "number", question: "Boards of 2 - 4 feet: how many are there in 5 packs?" }).type,
    ).toBe("scored");
  });
});

test("of JSON and prose only the form is known", () => {
  expect(verify('{"a":1}', json)).toEqual({ type: "scored", score: formOnlyScore });
  expect(verify("not json", json)).toEqual({ type: "failed", fault: "invalid-json", score: 0 });
  expect(verify("A poem.", { type: "prose" })).toEqual({ type: "scored", score: formOnlyScore });
});

test("what cannot reach a threshold is known before anybody is asked", () => {
  expect(canReach(number, 1)).toBe(true);
  expect(canReach(json, formOnlyScore)).toBe(true);
  expect(canReach({ type: "prose" }, defaultThreshold)).toBe(false);
  expect(canReach({ type: "unverifiable", reason: "it offers tools" }, 0)).toBe(false);
});

test("any answer to any question gets a score from 0 to 1, the same every time", () => {
  const text = fc.string({
    unit: fc.constantFrom("1", "23", "4.5", "%", " ", "\n", "+", "=", "eggs", "half", "####", "<<", ">>", "."),
    maxLength: 60,
  });
  fc.assert(
    fc.property(text, text, (asked, answered) => {
      const first = verify(answered, { type: "number", question: asked });
      expect(first.score).toBeGreaterThanOrEqual(0);
      expect(first.score).toBeLessThanOrEqual(1);
      expect(verify(answered, { type: "number", question: asked })).toEqual(first);
    }),
  );
});
