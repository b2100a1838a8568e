import { createArithmeticTask, finalAnswer } from "@dimmer/gateway";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answerTask, expressionOf } from "./arithmetic-task.ts";

const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const task = fc.infiniteStream(unit).map((draws) => createArithmeticTask(() => draws.next().value ?? 0));

test("every task is understood, and a model of quality 1 solves it", () => {
  fc.assert(
    fc.property(task, unit, ({ prompt, answer }, draw) => {
      expect(expressionOf(prompt)).toBeDefined();
      expect(finalAnswer(answerTask(prompt, 1, draw))).toBe(answer);
    }),
  );
});

test("a model of quality 0 solves none", () => {
  fc.assert(
    fc.property(task, unit, ({ prompt, answer }, draw) => {
      expect(finalAnswer(answerTask(prompt, 0, draw))).not.toBe(answer);
    }),
  );
});

test("in between, it solves exactly what is drawn below the quality", () => {
  fc.assert(
    fc.property(task, unit, unit, ({ prompt, answer }, quality, draw) => {
      expect(finalAnswer(answerTask(prompt, quality, draw)) === answer).toBe(draw < quality);
    }),
  );
});

test("wrong answers are of three kinds: working that does not add up, a misread number, no result", () => {
  const prompt = "What is 17 * 23?";
  expect(answerTask(prompt, 0, 0.1)).toMatch(/^17 \* 23 = (?!391)\d+\n#### \d+$/);
  expect(answerTask(prompt, 0, 0.6)).toBe("17 * 24 = 408\n#### 408");
  expect(answerTask(prompt, 0, 0.9)).not.toContain("####");
});

test("a question without arithmetic gets an answer that says so", () => {
  expect(answerTask("Who are you?", 1, 0)).toContain("nothing to compute");
});
