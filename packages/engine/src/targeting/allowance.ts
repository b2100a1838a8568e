/**
 * What one evaluation may spend on walking lists. Nested iterations over a large context could otherwise run for
 * minutes; when the allowance is used up the evaluation ends with an error, and the caller's default is served.
 */
import { limits } from "../limits.ts";

/** Thrown to end an evaluation; one value, made once, because nothing about it differs. `evaluate` catches it. */
export const exhausted: Error = new Error("The evaluation exceeds what one evaluation may compute.");

let remaining: number = limits.elementsPerEvaluation;

/** Starts a new evaluation. Evaluation is synchronous, so one counter serves all of them. */
export function grantAllowance(): void {
  remaining = limits.elementsPerEvaluation;
}

export function spend(elements: number): void {
  remaining -= elements;
  if (remaining < 0) throw exhausted;
}
