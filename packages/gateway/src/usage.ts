/** Tokens of one call: as the provider counted them, or estimated where it did not. */
import type { TokenCounts } from "./completion-body.ts";
import { isRecord } from "./is-record.ts";
import type { ChatRequest, Usage } from "./router.ts";

/** The usual rule of thumb for English text. Good for an estimate, never for a bill. */
const charactersPerToken = 4;

export function usageOf(tokens: TokenCounts | undefined, request: ChatRequest, outputCharacters: number): Usage {
  if (tokens !== undefined) return { ...tokens, isEstimated: false };
  return {
    inputTokens: estimateTokens(promptCharacters(request)),
    outputTokens: estimateTokens(outputCharacters),
    isEstimated: true,
  };
}

/** Tokens that so many characters come to, rounded up. */
export function estimateTokens(characters: number): number {
  return Math.ceil(characters / charactersPerToken);
}

/** Characters of every text in the messages. */
export function promptCharacters(request: ChatRequest): number {
  let characters = 0;
  for (const message of request.messages) characters += contentText(message.content).length;
  return characters;
}

/** Text of the last message a user wrote; empty when there is none. */
export function lastUserText(request: ChatRequest): string {
  const message = request.messages.findLast((candidate) => candidate.role === "user");
  return message === undefined ? "" : contentText(message.content);
}

/** Text of a message's content, which is a string or OpenAI's content parts. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  return content
    .map((part: unknown) => (isRecord(part) && typeof part["text"] === "string" ? part["text"] : ""))
    .join("");
}
