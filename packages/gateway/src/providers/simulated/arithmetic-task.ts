/**
 * Tasks whose answers can be checked, and the simulated model that solves them: small sums, plain or in words. Answers
 * end with GSM8K's `#### N`.
 */
import { evaluateArithmetic, findArithmetic } from "./arithmetic.ts";

/** A question, and how its right answer is known. */
export interface ArithmeticTask {
  readonly prompt: string;
  /** What a right answer ends with, as `finalAnswer` reads it. */
  readonly answer: string;
}

/** One form of task: its words, how they are found again, and what has to be computed. */
interface TaskForm {
  write(a: number, b: number, c: number): string;
  readonly pattern: RegExp;
  expression(a: string, b: string, c: string): string;
}

const forms: readonly TaskForm[] = [
  {
    write: (a, b) => `What is ${a} * ${b}?`,
    pattern: /^What is (\d+) \* (\d+)\?$/,
    expression: (a, b) => `${a} * ${b}`,
  },
  {
    write: (a, b, c) => `What is ${a} * ${b} + ${c}?`,
    pattern: /^What is (\d+) \* (\d+) \+ (\d+)\?$/,
    expression: (a, b, c) => `${a} * ${b} + ${c}`,
  },
  {
    write: (a, b) => `A crate holds ${a} bottles. How many bottles do ${b} crates hold?`,
    pattern: /A crate holds (\d+) bottles\. How many bottles do (\d+) crates hold\?/,
    expression: (a, b) => `${a} * ${b}`,
  },
  {
    write: (a, b, c) =>
      `A train carries ${a + b} people. At the next stop ${b} get off and ${c} get on. How many are on the train then?`,
    pattern: /A train carries (\d+) people\. At the next stop (\d+) get off and (\d+) get on\./,
    expression: (a, b, c) => `${a} - ${b} + ${c}`,
  },
  {
    write: (a, b, c) =>
      `A ticket costs ${a} dollars. How many dollars do ${b} tickets and a fee of ${c} dollars come to?`,
    pattern: /A ticket costs (\d+) dollars\. How many dollars do (\d+) tickets and a fee of (\d+) dollars come to\?/,
    expression: (a, b, c) => `${a} * ${b} + ${c}`,
  },
];

/** A new task; `random` is 0 to 1. */
export function createArithmeticTask(random: () => number): ArithmeticTask {
  const number = (): number => 11 + Math.floor(random() * 79);
  const form = forms[Math.floor(random() * forms.length)] ?? forms[0];
  if (form === undefined) throw new RangeError("There is no form of task.");
  const prompt = form.write(number(), number(), number());
  return { prompt, answer: String(evaluateArithmetic(expressionOf(prompt) ?? "")) };
}

/** What has to be computed to answer a prompt; undefined when it is not arithmetic. */
export function expressionOf(prompt: string): string | undefined {
  for (const form of forms) {
    const match = form.pattern.exec(prompt);
    if (match !== null) return form.expression(match[1] ?? "", match[2] ?? "", match[3] ?? "");
  }
  return findArithmetic(prompt);
}

/** Which way an answer goes wrong; each is met by another kind of check. */
type Mistake = "slip" | "misread" | "unfinished";

/**
 * The simulated model's answer: right with the working shown when `draw` (0 to 1) is below `quality`. Wrong answers
 * are of three kinds: the working does not add up, it adds up but a number was misread, or the result is never stated.
 */
export function answerTask(prompt: string, quality: number, draw: number): string {
  const expression = expressionOf(prompt);
  const value = expression === undefined ? undefined : evaluateArithmetic(expression);
  if (expression === undefined || value === undefined)
    return "This is a simulated answer: the question holds nothing to compute.";
  if (draw < quality) return worked(expression, value);
  // What is left of the draw chooses the mistake, so that one number decides all.
  const rest = (draw - quality) / (1 - quality);
  switch (mistakeOf(rest)) {
    case "slip":
      return worked(expression, value + 1 + Math.floor(rest * 18));
    case "misread": {
      const misread = expression.replace(/\d+$/, (digits) => String(Number(digits) + 1));
      return worked(misread, evaluateArithmetic(misread) ?? value + 1);
    }
    case "unfinished":
      return `To answer this, ${expression} has to be computed, which is about ${Math.round(value / 10) * 10}.`;
  }
}

function mistakeOf(rest: number): Mistake {
  if (rest < 0.5) return "slip";
  return rest < 0.75 ? "misread" : "unfinished";
}

function worked(expression: string, value: number): string {
  return `${expression} = ${value}\n#### ${value}`;
}
