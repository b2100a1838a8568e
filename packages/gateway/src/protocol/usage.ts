/** Tokens of one call: as the provider counted them, or estimated where it did not. */
import type { ChatRequest } from "./chat-request.ts";
import type { TokenCounts } from "./completion-body.ts";
import { promptCharacters } from "./message-text.ts";

/** Tokens of one call, as the provider counted them, or estimated as characters / 4 where it did not. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly isEstimated: boolean;
}

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
