/** A provider that lives in this process: it answers checkable tasks with a chosen quality, latency and faults. */
import type { Clock } from "../../ports/clock.ts";
import { encodeCompletion } from "../../protocol/answer-encoding.ts";
import type { TextAnswer } from "../../protocol/answer-encoding.ts";
import { lastUserText, promptCharacters } from "../../protocol/message-text.ts";
import { estimateTokens } from "../../protocol/usage.ts";
import type { Provider, ProviderCall, ProviderFault, ProviderResult, ProviderStream } from "../provider.ts";
import { answerTask } from "./arithmetic-task.ts";
import { createDraws, drawLatencyMs } from "./draws.ts";
import type { SimulatedBehaviour, SimulatedSettings } from "./settings.ts";
import { streamSimulated } from "./simulated-stream.ts";
import type { SimulatedStreamOptions } from "./simulated-stream.ts";

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

export function createSimulatedProvider(options: SimulatedProviderOptions): SimulatedProvider {
  const { name, clock, random, ids } = options;
  let settings = options.settings;
  let draws = createDraws(settings.seed, random);

  const behaviourOf = (model: string): SimulatedBehaviour => settings.models[model] ?? settings;

  const answer = (call: ProviderCall, behaviour: SimulatedBehaviour): TextAnswer => {
    const prompt = lastUserText(call.request);
    const text = answerTask(prompt, behaviour.quality, draws.of(`${call.model}\n${prompt}`));
    const tokens = {
      inputTokens: estimateTokens(promptCharacters(call.request)),
      outputTokens: estimateTokens(text.length),
    };
    return { id: `chatcmpl-${ids()}`, model: call.model, text, createdMs: clock.nowMs(), tokens };
  };

  /** Waits and fails as the behaviour says; undefined when an answer follows. */
  const meetFault = async (
    call: ProviderCall,
    behaviour: SimulatedBehaviour,
    latencyMs: number,
  ): Promise<ProviderFault | undefined> => {
    if (draws.next() < behaviour.faultRates.timeout) {
      await clock.sleep(call.headersTimeoutMs, call.signal);
      return { type: "timeout", message: `did not answer within ${call.headersTimeoutMs} ms` };
    }
    await clock.sleep(latencyMs, call.signal);
    if (draws.next() < behaviour.faultRates.refusal) {
      return {
        type: "refused",
        message: "is over its simulated limit",
        status: 429,
        isRequestFault: false,
        isTemporary: true,
      };
    }
    return draws.next() < behaviour.errorRate ? { type: "failed", message: "answered with status 500" } : undefined;
  };

  const drawEnding = ({ faultRates }: SimulatedBehaviour): SimulatedStreamOptions["ending"] => {
    if (draws.next() < faultRates.cutStream) return "cut";
    return draws.next() < faultRates.malformed ? "malformed" : "whole";
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
      if (draws.next() < behaviour.faultRates.cutStream)
        return { ok: false, fault: { type: "cut", message: "broke the connection" } };
      const body = encodeCompletion(answer(call, behaviour));
      return {
        ok: true,
        value: draws.next() < behaviour.faultRates.malformed ? body.subarray(0, body.length / 2) : body,
      };
    },
    async stream(call): Promise<ProviderResult<ProviderStream>> {
      const behaviour = behaviourOf(call.model);
      const latencyMs = drawLatencyMs(behaviour.latency, draws.next());
      const fault = await meetFault(call, behaviour, latencyMs / 2);
      if (fault !== undefined) return { ok: false, fault };
      const ending = drawEnding(behaviour);
      const durationMs = latencyMs / 2;
      const stream = streamSimulated(answer(call, behaviour), { durationMs, ending, clock, signal: call.signal });
      return { ok: true, value: stream };
    },
    async close() {},
  };
}
