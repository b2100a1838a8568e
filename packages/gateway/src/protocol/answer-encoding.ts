/** Writes answers in OpenAI's dialect: for providers that live in this process, and for streams answered whole. */
import { isRecord } from "../input/is-record.ts";
import type { TokenCounts } from "./completion-body.ts";

/** An answer of one choice. */
export interface TextAnswer {
  readonly id: string;
  readonly model: string;
  readonly text: string;
  readonly createdMs: number;
  /** Absent where nobody counted. */
  readonly tokens?: TokenCounts;
}

const doneEvent = "data: [DONE]\n\n";

/** The body of a chat completion. */
export function encodeCompletion(answer: TextAnswer): Uint8Array {
  const choice = { index: 0, message: { role: "assistant", content: answer.text }, finish_reason: "stop" };
  return Buffer.from(JSON.stringify({ ...head(answer, "chat.completion"), choices: [choice], ...usage(answer) }));
}

/** One event of a stream: the first carries the role, the last only why it ended. */
export function encodeDelta(
  answer: TextAnswer,
  delta: { readonly role?: "assistant"; readonly content?: string },
): Uint8Array {
  return encodeEvent({ ...head(answer, "chat.completion.chunk"), choices: [{ index: 0, delta, finish_reason: null }] });
}

/** The end of a stream: the finish reason, the usage report, `[DONE]`. */
export function encodeStreamEnd(answer: TextAnswer): Uint8Array {
  const shared = head(answer, "chat.completion.chunk");
  const finish = encodeEvent({ ...shared, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
  const report = answer.tokens === undefined ? [] : [encodeEvent({ ...shared, choices: [], ...usage(answer) })];
  return Buffer.concat([finish, ...report, Buffer.from(doneEvent)]);
}

/** A whole chat completion as a stream of one event, for callers that asked for a stream while streaming is off. */
export function encodeWholeAsStream(completion: Readonly<Record<string, unknown>>): Uint8Array {
  const { choices, ...rest } = completion;
  const events = {
    ...rest,
    object: "chat.completion.chunk",
    choices: Array.isArray(choices) ? choices.map(toChunkChoice) : [],
  };
  return Buffer.concat([encodeEvent(events), Buffer.from(doneEvent)]);
}

export function encodeEvent(data: object): Uint8Array {
  return Buffer.from(`data: ${JSON.stringify(data)}\n\n`);
}

/** In a chunk the message is called delta, and tool calls carry their position. */
function toChunkChoice(choice: unknown): unknown {
  if (!isRecord(choice)) return choice;
  const { message, ...rest } = choice;
  if (!isRecord(message)) return { ...rest, delta: {} };
  const calls = message["tool_calls"];
  if (!Array.isArray(calls)) return { ...rest, delta: message };
  return {
    ...rest,
    delta: {
      ...message,
      tool_calls: calls.map((call: unknown, index) => (isRecord(call) ? { index, ...call } : call)),
    },
  };
}

function head(answer: TextAnswer, object: string): object {
  return { id: answer.id, object, created: Math.floor(answer.createdMs / 1000), model: answer.model };
}

function usage(answer: TextAnswer): object {
  if (answer.tokens === undefined) return {};
  const { inputTokens, outputTokens } = answer.tokens;
  return {
    usage: { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens },
  };
}
