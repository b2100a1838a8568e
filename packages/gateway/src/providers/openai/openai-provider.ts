/** Any server that speaks OpenAI's chat completions: OpenAI, Azure's v1 API, vLLM, Ollama, Bedrock's and Google's compatible endpoints. */
import { Pool } from "undici";
import type { Dispatcher } from "undici";
import { maxAnswerBytes } from "../provider.ts";
import type { Provider, ProviderFault, ProviderResult, ProviderStream } from "../provider.ts";
import { watchCall } from "./call-watch.ts";
import { faultOfException, faultOfStatus } from "./errors.ts";
import { requestBody } from "./request.ts";
import { maxErrorBytes, readBody } from "./response.ts";
import { streamOf } from "./stream.ts";

export interface OpenAiProviderOptions {
  readonly name: string;
  /** Up to and without `/chat/completions`, e.g. `https://api.openai.com/v1`. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer`; absent for servers that need none. */
  readonly apiKey?: string | undefined;
  /** Further headers for every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether to ask for token counts at the end of streams. Some old servers refuse the option. */
  readonly asksForUsage: boolean;
  readonly connectTimeoutMs: number;
}

export function createOpenAiProvider(options: OpenAiProviderOptions): Provider {
  const base = new URL(options.baseUrl);
  const path = `${base.pathname.replace(/\/$/, "")}/chat/completions`;
  const pool = new Pool(base.origin, { connect: { timeout: options.connectTimeoutMs } });
  const headers = {
    ...options.headers,
    "content-type": "application/json",
    ...(options.apiKey === undefined ? {} : { authorization: `Bearer ${options.apiKey}` }),
  };

  const send = (body: string, signal: AbortSignal): Promise<Dispatcher.ResponseData> =>
    pool.request({ method: "POST", path, headers, body, signal, headersTimeout: 0, bodyTimeout: 0 });

  return {
    name: options.name,
    type: "openai",
    async start() {},
    async complete(call): Promise<ProviderResult<Uint8Array>> {
      const watch = watchCall(call);
      try {
        const response = await send(requestBody(call, undefined), watch.signal);
        watch.allow(call.stallTimeoutMs);
        if (!isSuccess(response)) return refused(await statusFault(response));
        const body = await readBody(response.body, maxAnswerBytes, () => watch.allow(call.stallTimeoutMs));
        if (body === undefined)
          return refused({ type: "failed", message: `answered more than ${maxAnswerBytes} bytes` });
        return { ok: true, value: body };
      } catch (error) {
        return refused(faultOfException(error, watch.isTimedOut));
      } finally {
        watch.stop();
      }
    },
    async stream(call): Promise<ProviderResult<ProviderStream>> {
      const watch = watchCall(call);
      try {
        const response = await send(requestBody(call, { asksForUsage: options.asksForUsage }), watch.signal);
        watch.allow(call.stallTimeoutMs);
        if (!isSuccess(response)) return refused(await statusFault(response));
        const type = response.headers["content-type"];
        const stream = streamOf(response.body, call.signal);
        if (typeof type === "string" && type.toLowerCase().startsWith("text/event-stream"))
          return { ok: true, value: stream };
        stream.cancel();
        return refused({ type: "failed", message: "answered a streaming request with something else" });
      } catch (error) {
        return refused(faultOfException(error, watch.isTimedOut));
      } finally {
        // From here on the stream is watched event by event, by the gateway itself.
        watch.stop();
      }
    },
    async close() {
      await pool.destroy();
    },
  };
}

function isSuccess(response: Dispatcher.ResponseData): boolean {
  return response.statusCode >= 200 && response.statusCode < 300;
}

async function statusFault(response: Dispatcher.ResponseData): Promise<ProviderFault> {
  const body = await readBody(response.body, maxErrorBytes, () => undefined);
  const retryAfter = response.headers["retry-after"];
  return faultOfStatus(
    response.statusCode,
    body === undefined ? "" : body.toString("utf8"),
    typeof retryAfter === "string" ? retryAfter : undefined,
  );
}

function refused(fault: ProviderFault): { readonly ok: false; readonly fault: ProviderFault } {
  return { ok: false, fault };
}
