/** Reads a whole body with a bound, so that a server cannot fill the gateway's memory. */

/** Of an error body only the message at its beginning is of use. */
export const maxErrorBytes: number = 64 * 1024;

/** The body's bytes, or undefined when there are more than `limitBytes`. Throws what the connection throws. */
export async function readBody(
  body: AsyncIterable<Uint8Array>,
  limitBytes: number,
  onProgress: () => void,
): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    onProgress();
    bytes += chunk.length;
    if (bytes > limitBytes) return undefined;
    chunks.push(chunk);
  }
  const only = chunks[0];
  return chunks.length === 1 && only !== undefined
    ? Buffer.from(only.buffer, only.byteOffset, only.byteLength)
    : Buffer.concat(chunks, bytes);
}
