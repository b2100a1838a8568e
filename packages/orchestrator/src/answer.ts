/** An answer as the verifier sees it: what it says and why it ended. Never whether it is right: nobody here knows. */
import type { Completion } from "@dimmer/gateway";
import { isRecord } from "./is-record.ts";

/** The first choice of a completion. */
export interface Answer {
  readonly text: string;
  /** As the provider says it: `stop`, `length`, `tool_calls`, `content_filter`; undefined when it does not say. */
  readonly finishReason: string | undefined;
}

/** Reads a completion's first choice. */
export function readAnswer(completion: Completion): Answer {
  return { text: completion.text(), finishReason: readFinishReason(completion.body) };
}

function readFinishReason(bytes: Uint8Array): string | undefined {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // The gateway has read this body before; a router under test may be handed any bytes.
    return undefined;
  }
  const choices = isRecord(body) ? body["choices"] : undefined;
  const first: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const reason = isRecord(first) ? first["finish_reason"] : undefined;
  return typeof reason === "string" ? reason : undefined;
}
