/** What a request asks for, so far as an answer to it can be checked without knowing the right one. */
import type { ChatRequest } from "@dimmer/gateway";
import { isRecord } from "./is-record.ts";
import { readQuantities } from "./verifier/quantity.ts";

/** What can be checked of an answer. */
export type Demand =
  /** A number worked out from the quantities of a question: form, arithmetic and derivation can be checked. */
  | { readonly type: "number"; readonly question: string }
  /** JSON, perhaps of a given schema: form can be checked. */
  | { readonly type: "json"; readonly schema: unknown }
  /** Text: only whether it is there, and whole. */
  | { readonly type: "prose" }
  /** Nothing: the answer may be no text at all. */
  | { readonly type: "unverifiable"; readonly reason: string };

/** Longer questions are not about a sum, and checking is bounded work. */
const longestQuestion = 8000;
/** A question with fewer quantities leaves nothing to derive. */
const fewestQuantities = 2;
const mostQuantities = 100;

/** Reads what a request asks for from its last user message and its parameters. */
export function readDemand(request: ChatRequest): Demand {
  if (isFilled(request["tools"]) || isFilled(request["functions"])) return unverifiable("it offers tools");
  if (typeof request["n"] === "number" && request["n"] > 1) return unverifiable("it asks for several answers");
  const format = request["response_format"];
  if (isRecord(format) && format["type"] === "json_object") return { type: "json", schema: undefined };
  if (isRecord(format) && format["type"] === "json_schema") {
    const definition = format["json_schema"];
    return { type: "json", schema: isRecord(definition) ? definition["schema"] : undefined };
  }
  const message = request.messages.findLast((candidate) => candidate.role === "user");
  const question = message === undefined ? undefined : plainText(message.content);
  if (question === undefined) return unverifiable("its last message is not plain text");
  return asksForNumber(question) ? { type: "number", question } : { type: "prose" };
}

function asksForNumber(question: string): boolean {
  if (question.length > longestQuestion) return false;
  const { length } = readQuantities(question);
  return length >= fewestQuantities && length <= mostQuantities;
}

/** The text of a message; undefined when it also holds images, sound or files. */
function plainText(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part: unknown) => (isRecord(part) && part["type"] === "text" ? part["text"] : undefined));
  return texts.every((text) => typeof text === "string") ? texts.join("") : undefined;
}

function isFilled(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

function unverifiable(reason: string): Demand {
  return { type: "unverifiable", reason };
}
