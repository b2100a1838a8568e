/**
 * A provider carries one request to a model and brings back bytes in OpenAI's dialect. It judges only its own
 * transport (time-outs, status codes, broken connections); what the bytes say is read in one place for all providers,
 * in protocol/completion-body.ts and calls/completion-stream.ts.
 */
import type { ChatRequest } from "../protocol/chat-request.ts";

/** Larger than any answer of a chat model; a provider that says more is at fault, streaming or not. */
export const maxAnswerBytes: number = 32 * 1024 * 1024;

/** One call. */
export interface ProviderCall {
  readonly model: string;
  readonly request: ChatRequest;
  /** How long to wait for the answer to begin. */
  readonly headersTimeoutMs: number;
  /** How long to wait between two pieces of an answer that is not streamed. */
  readonly stallTimeoutMs: number;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Why a call brought no answer. Messages may quote the provider, and go to the caller only, never to a log. */
export type ProviderFault =
  | { readonly type: "timeout"; readonly message: string }
  | {
      readonly type: "refused";
      readonly message: string;
      readonly status: number;
      /** Whether the request itself is at fault, so that no other model would take it either. */
      readonly isRequestFault: boolean;
      /** Whether the same model may take it a little later (429). */
      readonly isTemporary: boolean;
      readonly retryAfterMs?: number;
    }
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "cut"; readonly message: string };

export type ProviderResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly fault: ProviderFault };

/** A running stream: raw bytes of server-sent events. Reading throws when the connection breaks. */
export interface ProviderStream {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Ends the call upstream; a pending read then ends or throws. */
  cancel(): void;
}

export interface Provider {
  readonly name: string;
  /** Shown in /admin/status. */
  readonly type: string;
  /** Prepares what it needs (tables, connections); called once before the first call. Throws when it cannot. */
  start(): Promise<void>;
  /** A whole answer: the body of a chat completion. */
  complete(call: ProviderCall): Promise<ProviderResult<Uint8Array>>;
  /** A streamed answer, once the provider has begun to send it. */
  stream(call: ProviderCall): Promise<ProviderResult<ProviderStream>>;
  close(): Promise<void>;
}
