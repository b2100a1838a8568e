/** A provider that lives in this process: it answers checkable tasks with a chosen quality, latency and faults. */
import { DimmerError } from "@dimmer/spec/errors";
import { encodeCompletion, encodeDelta, encodeStreamEnd } from "../../answer-encoding.ts";
import type { TextAnswer } from "../../answer-encoding.ts";
import type { Clock } from "../../clock.ts";
import type { Provider, ProviderCall, ProviderFault, ProviderResult, ProviderStream } from "../../provider.ts";
import { estimateTokens, lastUserText, promptCharacters } from "../../usage.ts";
import { answerTask } from "./arithmetic-task.ts";
import { createDraws, drawLatencyMs } from "./draws.ts";
import type { SimulatedBehaviour, SimulatedSettings } from "./settings.ts";

export interface SimulatedProvider extends Provider {
  readonly settings: SimulatedSettings;
  /** Takes effect on the next call. */
  configure(settings: SimulatedSettings): void;
}

export interface SimulatedProviderOptions {
  readonly name: string;
  readonly settings: SimulatedSettings;
  readonly clock: Clock;
  readonly random: () => number;
  readonly ids: () => string;
}

/** Pieces a streamed answer comes in. */
const streamPieces = 6;

export function createSimulatedProvider(options: SimulatedProviderOptions): SimulatedProvider {
  const { name, clock, random, ids } = options;
  let settings = options.settings;
  let draws = createDraws(settings.seed, random);

  const behaviourOf = (model: string): SimulatedBehaviour => settings.models[model] ?? settings;

  const answer = (call: ProviderCall, behaviour: SimulatedBehaviour): TextAnswer => {
    const prompt = lastUserText(call.request);
    const text = answerTask(prompt, behaviour.quality, draws.of(`${call.model}\n${prompt}`));
    const tokens = { inputTokens: estimateTokens(promptCharacters(call.request)), outputTokens: estimateTokens(text.length) };
    return { id: `chatcmpl-${ids()}`, model: call.model, text, createdMs: clock.nowMs(), tokens };
  };

  /** Waits and fails as the behaviour says; undefined when an answer follows. */
  const meetFault = async (call: ProviderCall, behaviour: SimulatedBehaviour, latencyMs: number): Promise<ProviderFault | undefined> => {
    if (draws.next() < behaviour.faultRates.timeout) {
      await clock.sleep(call.headersTimeoutMs, call.signal);
      return { type: "timeout", message: `did not answer within ${call.headersTimeoutMs} ms` };
    }
    await clock.sleep(latencyMs, call.signal);
    if (draws.next() < behaviour.faultRates.refusal) {
      return { type: "refused", message: "is over its simulated limit", status: 429, isRequestFault: false, isTemporary: true };
    }
    return draws.next() < behaviour.errorRate ? { type: "failed", message: "answered with status 500" } : undefined;
  };

  return {
    name,
    type: "simulated",
    async start() {},
    get settings() {
      return settings;
    },
    configure(next) {
      settings = next;
      draws = createDraws(next.seed, random);
    },
    async complete(call): Promise<ProviderResult<Uint8Array>> {
      const behaviour = behaviourOf(call.model);
      const fault = await meetFault(call, behaviour, drawLatencyMs(behaviour.latency, draws.next()));
      if (fault !== undefined) return { ok: false, fault };
      if (draws.next() < behaviour.faultRates.cutStream) return { ok: false, fault: { type: "cut", message: "broke the connection" } };
      const body = encodeCompletion(answer(call, behaviour));
      return { ok: true, value: draws.next() < behaviour.faultRates.malformed ? body.subarray(0, body.length / 2) : body };
    },
    async stream(call): Promise<ProviderResult<ProviderStream>> {
      const behaviour = behaviourOf(call.model);
      const latencyMs = drawLatencyMs(behaviour.latency, draws.next());
      const fault = await meetFault(call, behaviour, latencyMs / 2);
      if (fault !== undefined) return { ok: false, fault };
      const ending = draws.next() < behaviour.faultRates.cutStream ? "cut" : draws.next() < behaviour.faultRates.malformed ? "malformed" : "whole";
      return { ok: true, value: streamAnswer(answer(call, behaviour), latencyMs / 2, ending, clock, call.signal) };
    },
    async close() {},
  };
}

function streamAnswer(
  answer: TextAnswer,
  durationMs: number,
  ending: "whole" | "cut" | "malformed",
  clock: Clock,
  signal: AbortSignal,
): ProviderStream {
  const cancelled = new AbortController();
  const ended = AbortSignal.any([cancelled.signal, signal]);
  async function* chunks(): AsyncGenerator<Uint8Array, void> {
    yield encodeDelta(answer, { role: "assistant", content: "" });
    const size = Math.max(1, Math.ceil(answer.text.length / streamPieces));
    for (let at = 0; at < answer.text.length; at += size) {
      yield encodeDelta(answer, { content: answer.text.slice(at, at + size) });
      await clock.sleep(durationMs / streamPieces, ended);
      if (ended.aborted) return;
      if (at >= answer.text.length / 2 && ending === "cut") throw new DimmerError("stream_cut");
      if (at >= answer.text.length / 2 && ending === "malformed") yield Buffer.from("data: {broken\n\n");
    }
    yield encodeStreamEnd(answer);
  }
  return { chunks: chunks(), cancel: () => cancelled.abort() };
}
