/** Reads a whole chat completion in OpenAI's dialect: is it one, what does it say, what did it use. */
import { isRecord } from "../input/is-record.ts";

export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export type CompletionReading =
  | {
      readonly ok: true;
      /** Text of the first choice; empty when it has none (a tool call). */
      readonly text: string;
      /** As the provider counted; undefined when it did not say. */
      readonly tokens: TokenCounts | undefined;
      readonly body: Readonly<Record<string, unknown>>;
    }
  | { readonly ok: false; readonly problem: string };

/** A body that is not a complete answer is a fault of the provider, whatever its status code said. */
export function readCompletion(bytes: Uint8Array): CompletionReading {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return { ok: false, problem: "answered something that is not JSON" };
  }
  if (!isRecord(body)) return { ok: false, problem: "answered JSON that is not an object" };
  if (body["error"] !== undefined && body["error"] !== null)
    return { ok: false, problem: "answered an error as success" };
  const choices = body["choices"];
  if (!Array.isArray(choices) || choices.length === 0) return { ok: false, problem: "answered without any choice" };
  const first: unknown = choices[0];
  const message = isRecord(first) ? first["message"] : undefined;
  if (!isRecord(message)) return { ok: false, problem: "answered a choice without a message" };
  const content = message["content"];
  return { ok: true, text: typeof content === "string" ? content : "", tokens: readTokens(body["usage"]), body };
}

/** OpenAI's `usage` object; undefined where it holds no counts: one that is none would spoil every total for good. */
export function readTokens(usage: unknown): TokenCounts | undefined {
  if (!isRecord(usage)) return undefined;
  const inputTokens = usage["prompt_tokens"];
  const outputTokens = usage["completion_tokens"];
  return isCount(inputTokens) && isCount(outputTokens) ? { inputTokens, outputTokens } : undefined;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
