/** Cuts a stream of bytes into server-sent events (WHATWG HTML §9.2.6), keeping each event's bytes as they came. */

/** One event: the bytes up to and with its blank line, and its data lines joined; no data: a comment or a bare field. */
export interface SseFrame {
  readonly bytes: Uint8Array;
  readonly data: string | undefined;
}

/** Larger events than this are not an answer any more; the splitter gives up on them. */
export const maxFrameBytes: number = 256 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/** Keeps the unfinished end of the stream between two pushes. */
export class SseFrameSplitter {
  #pending: Buffer = Buffer.alloc(0);

  /** The events that `chunk` completes; undefined when an event is larger than `maxFrameBytes`. */
  push(chunk: Uint8Array): SseFrame[] | undefined {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const buffer = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    const frames: SseFrame[] = [];
    let start = 0;
    for (let end = frameEnd(buffer, start); end !== -1; end = frameEnd(buffer, start)) {
      frames.push(readFrame(buffer.subarray(start, end)));
      start = end;
    }
    this.#pending = buffer.subarray(start);
    return this.#pending.length > maxFrameBytes ? undefined : frames;
  }
}

/** Index after the blank line that ends the event starting at `start`; -1 while it is not there yet. */
function frameEnd(buffer: Buffer, start: number): number {
  for (let at = buffer.indexOf(lineFeed, start); at !== -1; at = buffer.indexOf(lineFeed, at + 1)) {
    if (buffer[at + 1] === lineFeed) return at + 2;
    if (buffer[at + 1] === carriageReturn && buffer[at + 2] === lineFeed) return at + 3;
  }
  return -1;
}

function readFrame(bytes: Buffer): SseFrame {
  const data: string[] = [];
  for (const line of bytes.toString("utf8").split(/\r?\n/)) {
    if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
  }
  return { bytes, data: data.length === 0 ? undefined : data.join("\n") };
}
