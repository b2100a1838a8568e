/** Answers what real models once answered: prompt → model → text. For replaying real traffic without calling anybody. */
import type { Clock } from "../../ports/clock.ts";
import { encodeCompletion, encodeDelta, encodeStreamEnd } from "../../protocol/answer-encoding.ts";
import type { TextAnswer } from "../../protocol/answer-encoding.ts";
import { lastUserText } from "../../protocol/message-text.ts";
import type { Provider, ProviderCall, ProviderResult, ProviderStream } from "../provider.ts";

/** By the text of the last user message, then by model name. */
export type RecordedAnswers = ReadonlyMap<string, Readonly<Record<string, string>>>;

export interface RecordedProviderOptions {
  readonly name: string;
  /** Called once, when the gateway starts. */
  readonly load: () => RecordedAnswers | Promise<RecordedAnswers>;
  readonly clock: Clock;
  readonly ids: () => string;
}

export function createRecordedProvider(options: RecordedProviderOptions): Provider {
  const { name, clock, ids } = options;
  let answers: RecordedAnswers = new Map();

  // No token counts: nobody recorded them, so the gateway estimates and says so.
  const find = (call: ProviderCall): ProviderResult<TextAnswer> => {
    const text = answers.get(lastUserText(call.request))?.[call.model];
    if (text === undefined) {
      const message = `has no recorded answer of '${call.model}' to this prompt`;
      return { ok: false, fault: { type: "refused", message, status: 404, isRequestFault: false, isTemporary: false } };
    }
    return { ok: true, value: { id: `chatcmpl-${ids()}`, model: call.model, text, createdMs: clock.nowMs() } };
  };

  return {
    name,
    type: "recorded",
    async start() {
      answers = await options.load();
    },
    async complete(call): Promise<ProviderResult<Uint8Array>> {
      const answer = find(call);
      return answer.ok ? { ok: true, value: encodeCompletion(answer.value) } : answer;
    },
    async stream(call): Promise<ProviderResult<ProviderStream>> {
      const answer = find(call);
      if (!answer.ok) return answer;
      return { ok: true, value: { chunks: streamAnswer(answer.value), cancel() {} } };
    },
    async close() {},
  };
}

async function* streamAnswer(answer: TextAnswer): AsyncGenerator<Uint8Array, void> {
  yield encodeDelta(answer, { role: "assistant", content: answer.text });
  yield encodeStreamEnd(answer);
}
