/** Reads one event of a streamed chat completion in OpenAI's dialect. */
import { isRecord } from "../input/is-record.ts";
import { readTokens } from "./completion-body.ts";
import type { TokenCounts } from "./completion-body.ts";

/** What one choice said in this event. */
export interface ChoiceDelta {
  readonly index: number;
  readonly text: string;
  /** Whether it carries a piece of the answer: text, a tool call, reasoning, a refusal. A role alone is none. */
  readonly hasContent: boolean;
  readonly isFinished: boolean;
}

export type StreamChunk =
  /** No data: a comment, or a field alone. */
  | { readonly type: "comment" }
  /** An event without a choice that is no usage report either (Azure's prompt filter results). */
  | { readonly type: "other" }
  | { readonly type: "choices"; readonly choices: readonly ChoiceDelta[]; readonly tokens: TokenCounts | undefined }
  /** The last event of a stream whose caller asked for usage: no choices, only tokens. */
  | { readonly type: "usage"; readonly tokens: TokenCounts }
  | { readonly type: "done" }
  | { readonly type: "faulty"; readonly problem: string };

export function readStreamChunk(data: string | undefined): StreamChunk {
  if (data === undefined) return { type: "comment" };
  if (data === "[DONE]") return { type: "done" };
  let chunk: unknown;
  try {
    chunk = JSON.parse(data);
  } catch {
    return { type: "faulty", problem: "sent an event that is not JSON" };
  }
  if (!isRecord(chunk)) return { type: "faulty", problem: "sent an event that is not an object" };
  if (chunk["error"] !== undefined && chunk["error"] !== null)
    return { type: "faulty", problem: "sent an error in the stream" };
  const choices = chunk["choices"];
  if (!Array.isArray(choices)) return { type: "faulty", problem: "sent an event without choices" };
  const tokens = readTokens(chunk["usage"]);
  if (choices.length > 0) return { type: "choices", choices: choices.map(readChoice), tokens };
  return tokens === undefined ? { type: "other" } : { type: "usage", tokens };
}

function readChoice(choice: unknown): ChoiceDelta {
  if (!isRecord(choice)) return { index: 0, text: "", hasContent: false, isFinished: false };
  const delta = isRecord(choice["delta"]) ? choice["delta"] : {};
  const content = delta["content"];
  const finishReason = choice["finish_reason"];
  return {
    index: typeof choice["index"] === "number" ? choice["index"] : 0,
    text: typeof content === "string" ? content : "",
    hasContent: Object.entries(delta).some(([key, value]) => key !== "role" && isFilled(value)),
    isFinished: finishReason !== undefined && finishReason !== null,
  };
}

function isFilled(value: unknown): boolean {
  return value !== null && value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0);
}
