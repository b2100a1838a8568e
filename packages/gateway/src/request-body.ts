/** Reads a request's body up to a limit, without keeping a byte more than the limit in memory. */
import type { IncomingMessage } from "node:http";
import { DimmerError } from "@dimmer/spec/errors";

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

function tooLarge(limitBytes: number): BodyRead {
  return {
    ok: false,
    error: new DimmerError("body_too_large", `The body is larger than ${limitBytes} bytes.`, { limitBytes }),
  };
}
