/** A simulated answer, said piece by piece. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Clock } from "../../ports/clock.ts";
import { encodeDelta, encodeStreamEnd } from "../../protocol/answer-encoding.ts";
import type { TextAnswer } from "../../protocol/answer-encoding.ts";
import type { ProviderStream } from "../provider.ts";

export interface SimulatedStreamOptions {
  readonly durationMs: number;
  /** Whether it breaks in the middle, and how. */
  readonly ending: "whole" | "cut" | "malformed";
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const pieces = 6;

export function streamSimulated(answer: TextAnswer, options: SimulatedStreamOptions): ProviderStream {
  const cancelled = new AbortController();
  const ended = AbortSignal.any([cancelled.signal, options.signal]);
  return { chunks: sayPieces(answer, options, ended), cancel: () => cancelled.abort() };
}

async function* sayPieces(
  answer: TextAnswer,
  { durationMs, ending, clock }: SimulatedStreamOptions,
  ended: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  yield encodeDelta(answer, { role: "assistant", content: "" });
  const size = Math.max(1, Math.ceil(answer.text.length / pieces));
  for (let at = 0; at < answer.text.length; at += size) {
    yield encodeDelta(answer, { content: answer.text.slice(at, at + size) });
    await clock.sleep(durationMs / pieces, ended);
    if (ended.aborted) return;
    if (at < answer.text.length / 2) continue;
    if (ending === "cut") throw new DimmerError("stream_cut");
    if (ending === "malformed") yield Buffer.from("data: {broken\n\n");
  }
  yield encodeStreamEnd(answer);
}
