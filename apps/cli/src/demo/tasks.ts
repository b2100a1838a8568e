/** The demo's own questions, whose answers can be checked. */

/** A question, and the number that answers it. */
export interface Task {
  readonly prompt: string;
  readonly answer: number;
}

/** A small arithmetic question made from two random numbers; `random` answers 0 to below 1. */
export function makeTask(random: () => number): Task {
  const a = 11 + Math.floor(random() * 88);
  const b = 3 + Math.floor(random() * 46);
  switch (Math.floor(random() * 3)) {
    case 0:
      return { prompt: `What is ${a} + ${b}?`, answer: a + b };
    case 1:
      return { prompt: `What is ${a} - ${b}?`, answer: a - b };
    default:
      return { prompt: `What is ${a} * ${b}?`, answer: a * b };
  }
}

/** Whether a text ends in the right number, marked as final answers are: `#### 42`. */
export function isRightAnswer(task: Task, text: string): boolean {
  const match = /####\s*(-?[\d,]+(?:\.\d+)?)\s*$/.exec(text.trim());
  return match?.[1] !== undefined && Number(match[1].replaceAll(",", "")) === task.answer;
}
