/** What is certainly wrong with the form of an answer, whatever it says. */
import type { Answer } from "../answer.ts";

/** Certain faults of an answer. */
export type AnswerFault =
  /** No text. */
  | "empty"
  /** It was cut off: the provider said so, or it ends in the middle of a number or a calculation. */
  | "truncated"
  /** The provider withheld it. */
  | "withheld"
  /** It calls a tool nobody offered. */
  | "not-text"
  /** JSON was asked for and this is none. */
  | "invalid-json"
  /** JSON of another shape than the schema's. */
  | "schema-mismatch"
  /** One of its calculations does not come out as it says. */
  | "wrong-arithmetic"
  /** It names no number although a number was asked for. */
  | "no-number"
  /** It has more calculations than can be checked. */
  | "too-long";

/** How an answer ended; undefined when it is whole. */
export function findFormFault(answer: Answer): AnswerFault | undefined {
  if (answer.finishReason === "length") return "truncated";
  if (answer.finishReason === "content_filter") return "withheld";
  if (answer.finishReason === "tool_calls" || answer.finishReason === "function_call") return "not-text";
  if (answer.text.trim() === "") return "empty";
  return undefined;
}

/** Whether a derivation breaks off: inside of `<<...>>`, after an operator, or inside of a number ("130,00"). */
export function breaksOff(text: string): boolean {
  const end = text.slice(-200).trimEnd();
  return /<<[^>]*$|[-+*/=(]$|\d,\d{0,2}$/.test(end);
}
