/** A call as an OpenAI-compatible server takes it. */
import { isRecord } from "../../input/is-record.ts";
import type { ProviderCall } from "../provider.ts";

/** The request body: the caller's own, with the model the route chose and the form of answer the router wants. */
export function requestBody(call: ProviderCall, stream: { readonly asksForUsage: boolean } | undefined): string {
  const { stream: _stream, stream_options: streamOptions, ...request } = call.request;
  if (stream === undefined) return JSON.stringify({ ...request, model: call.model });
  const options = isRecord(streamOptions) ? streamOptions : {};
  const asked = stream.asksForUsage ? { ...options, include_usage: true } : options;
  const rest = Object.keys(asked).length === 0 ? {} : { stream_options: asked };
  return JSON.stringify({ ...request, model: call.model, stream: true, ...rest });
}
