/** Reads a request's body up to a limit, without keeping a byte more than the limit in memory. */
import type { IncomingMessage } from "node:http";
import { DimmerError } from "@dimmer/spec/errors";
import { shorten } from "../input/shorten.ts";

export type BodyRead =
  | { readonly ok: true; readonly body: Buffer }
  | { readonly ok: false; readonly error: DimmerError };

/** Never rejects; a client that goes away in the middle is `request_aborted`. */
export function readRequestBody(request: IncomingMessage, limitBytes: number): Promise<BodyRead> {
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) return Promise.resolve(tooLarge(limitBytes));
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > limitBytes) {
        // The rest is thrown away as it comes, so that the client reads the answer instead of a broken connection.
        chunks.length = 0;
        resolve(tooLarge(limitBytes));
      } else {
        chunks.push(chunk);
      }
    });
    request.on("end", () => {
      const [only] = chunks;
      resolve({ ok: true, body: chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, bytes) });
    });
    request.on("error", () => resolve({ ok: false, error: new DimmerError("request_aborted") }));
  });
}

/** The body of a request that says it is JSON: web pages may send everything else without asking first. */
export async function readJsonBody(request: IncomingMessage, limitBytes: number): Promise<BodyRead> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    const message = `The content type must be application/json, not '${shorten(type)}'.`;
    return { ok: false, error: new DimmerError("invalid_request", message, { field: "content-type" }) };
  }
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    const message = `The body must not be encoded, and this one is '${shorten(encoding)}'.`;
    return { ok: false, error: new DimmerError("invalid_request", message, { field: "content-encoding" }) };
  }
  return await readRequestBody(request, limitBytes);
}

function tooLarge(limitBytes: number): BodyRead {
  return {
    ok: false,
    error: new DimmerError("body_too_large", `The body is larger than ${limitBytes} bytes.`, { limitBytes }),
  };
}
