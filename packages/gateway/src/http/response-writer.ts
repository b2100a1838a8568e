/** Writes answers to callers: whole bodies, streams with back-pressure, and errors, before the first byte or in the middle. */
import type { ServerResponse } from "node:http";
import { DimmerError } from "@dimmer/spec/errors";
import { encodeEvent } from "../protocol/answer-encoding.ts";
import { errorHeaders, openAiErrorBody, statusOf } from "../protocol/openai-error.ts";

export type Headers = Readonly<Record<string, string>>;

const json = { "content-type": "application/json" };
const eventStream = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-cache",
  "x-accel-buffering": "no",
};

export function writeBytes(
  response: ServerResponse,
  status: number,
  headers: Headers,
  body: Uint8Array | string,
): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

export function writeJson(response: ServerResponse, status: number, headers: Headers, body: object): void {
  writeBytes(response, status, { ...headers, ...json }, JSON.stringify(body));
}

/** The provider's own bytes. */
export function writeCompletion(response: ServerResponse, headers: Headers, body: Uint8Array): void {
  writeBytes(response, 200, { ...headers, ...json }, body);
}

/** A stream that is complete already. */
export function writeWholeStream(response: ServerResponse, headers: Headers, events: Uint8Array): void {
  writeBytes(response, 200, { ...headers, ...eventStream }, events);
}

/** An answer that says everything in its head. */
export function writeEmpty(response: ServerResponse, status: number, headers: Headers): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, headers).end();
}

export function writeError(response: ServerResponse, error: DimmerError, headers: Headers = {}): void {
  writeJson(response, statusOf(error), { ...headers, ...errorHeaders(error) }, openAiErrorBody(error));
}

/**
 * Relays a stream as fast as the caller reads it. Returns the error that broke it off, which the caller has got as an
 * event in the stream, without `[DONE]`.
 */
export async function writeStream(
  response: ServerResponse,
  headers: Headers,
  frames: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): Promise<DimmerError | undefined> {
  if (!response.headersSent && !response.destroyed) response.writeHead(200, { ...headers, ...eventStream });
  try {
    for await (const frame of frames) {
      if (!response.write(frame) && !response.destroyed) await drained(response, signal);
    }
  } catch (caught) {
    const error = DimmerError.from(caught);
    if (!response.destroyed) response.end(encodeEvent(openAiErrorBody(error)));
    return error;
  }
  if (!response.destroyed) response.end("data: [DONE]\n\n");
  return undefined;
}

/** Waits until the caller has read on or gone. One that reads nothing until the request is aborted is cut off. */
function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cutOff = (): void => {
      response.destroy();
    };
    const done = (): void => {
      response.off("drain", done).off("close", done);
      signal.removeEventListener("abort", cutOff);
      resolve();
    };
    response.on("drain", done).on("close", done);
    // A signal that has aborted says so to nobody who asks later.
    if (signal.aborted) cutOff();
    else signal.addEventListener("abort", cutOff);
  });
}
