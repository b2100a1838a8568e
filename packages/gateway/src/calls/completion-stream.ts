/**
 * Watches over a streamed answer. It is held until its first piece of content has come: before that point any fault
 * can still be made good by another call. From then on the provider's events are relayed byte for byte, and the stream
 * ends normally only if the answer was complete: every choice that began has said why it finished. A connection that
 * ends earlier, stalls, or carries an error or garbage is a fault; it never looks like a short answer.
 */
import { SseFrameSplitter, maxFrameBytes } from "../protocol/sse-frames.ts";
import type { SseFrame } from "../protocol/sse-frames.ts";
import { readStreamChunk } from "../protocol/stream-chunk.ts";
import { StreamTally } from "../protocol/stream-tally.ts";
import { maxAnswerBytes } from "../providers/provider.ts";
import type { ProviderFault, ProviderResult, ProviderStream } from "../providers/provider.ts";

export interface StreamRules {
  /** How long to wait for the next event. The time the reader takes does not count. */
  readonly stallTimeoutMs: number;
  /** Whether the usage report at the end is relayed; the gateway always asks for it, callers only sometimes. */
  readonly isUsageRelayed: boolean;
}

export interface HeldStream {
  /** Events from the first one on, without `[DONE]`. Reading throws `StreamFault`. */
  readonly frames: AsyncIterable<Uint8Array>;
  /** What has been read so far. */
  readonly tally: StreamTally;
  /** Ends the call when nobody will read the frames. */
  cancel(): void;
}

/** A fault met while reading. */
export class StreamFault extends Error {
  readonly fault: ProviderFault;

  constructor(fault: ProviderFault, cause?: unknown) {
    super(fault.message, { cause });
    this.fault = fault;
  }
}

/** How long the connection may take to end after `[DONE]`, so that it can be used again. */
const drainTimeoutMs = 1000;

/** Reads up to the first piece of content. */
export async function holdStream(source: ProviderStream, rules: StreamRules): Promise<ProviderResult<HeldStream>> {
  const reader = new StreamReader(source, rules);
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  try {
    for (let events = await reader.next(); events !== undefined; events = await reader.next()) {
      held.push(events.bytes);
      heldBytes += events.bytes.length;
      if (events.hasContent) break;
      if (heldBytes > maxFrameBytes)
        throw new StreamFault({ type: "failed", message: "sent too much before any content" });
    }
  } catch (error) {
    reader.close();
    if (error instanceof StreamFault) return { ok: false, fault: error.fault };
    throw error;
  }
  return { ok: true, value: { frames: relay(held, reader), tally: reader.tally, cancel: () => reader.close() } };
}

async function* relay(held: readonly Uint8Array[], reader: StreamReader): AsyncGenerator<Uint8Array, void> {
  try {
    // One write for everything held back: head and first content leave in one packet.
    yield Buffer.concat(held);
    for (let events = await reader.next(); events !== undefined; events = await reader.next()) yield events.bytes;
  } finally {
    reader.close();
  }
}

/** The events that came in one read: relayed in one write. */
interface RelayedEvents {
  readonly bytes: Uint8Array;
  readonly hasContent: boolean;
}

/** How the stream ended; met by the reader once everything before it has been relayed. */
type StreamEnd = { readonly type: "complete" } | { readonly type: "fault"; readonly fault: StreamFault };

class StreamReader {
  readonly tally: StreamTally = new StreamTally();
  readonly #source: ProviderStream;
  readonly #rules: StreamRules;
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #splitter = new SseFrameSplitter();
  #events: Uint8Array[] = [];
  #hasContent = false;
  #end: StreamEnd | undefined;
  #isDone = false;

  constructor(source: ProviderStream, rules: StreamRules) {
    this.#source = source;
    this.#rules = rules;
    this.#chunks = source.chunks[Symbol.asyncIterator]();
  }

  /** The next events to relay; undefined when the answer is complete. Throws StreamFault when it never will be. */
  async next(): Promise<RelayedEvents | undefined> {
    if (this.#end === undefined) await this.#read();
    const [first, ...more] = this.#events;
    if (first !== undefined) {
      const events = { bytes: more.length === 0 ? first : Buffer.concat(this.#events), hasContent: this.#hasContent };
      this.#events = [];
      this.#hasContent = false;
      return events;
    }
    if (this.#end?.type === "fault") throw this.#end.fault;
    return undefined;
  }

  /** Ends the call, unless the answer has been said in full: then its connection may still be of use. */
  close(): void {
    if (this.#isDone) void drain(this.#chunks, this.#source);
    else this.#source.cancel();
  }

  /** Reads until there is something to relay, or an end. */
  async #read(): Promise<void> {
    const { stallTimeoutMs } = this.#rules;
    let isStalled = false;
    const timer = setTimeout(() => {
      isStalled = true;
      this.#source.cancel();
    }, stallTimeoutMs);
    try {
      while (this.#events.length === 0 && this.#end === undefined) this.#take(await this.#chunks.next());
    } catch (error) {
      this.#fail({ type: "cut", message: "broke the connection" }, error);
    } finally {
      clearTimeout(timer);
    }
    if (isStalled) this.#fail({ type: "timeout", message: `sent nothing for ${stallTimeoutMs} ms` });
  }

  #take(chunk: IteratorResult<Uint8Array>): void {
    if (chunk.done === true) return this.#finish();
    const frames = this.#splitter.push(chunk.value);
    if (frames === undefined) return this.#fail({ type: "failed", message: "sent an event without end" });
    for (const frame of frames) if (this.#end === undefined) this.#interpret(frame);
  }

  #interpret(frame: SseFrame): void {
    const { bytes } = frame;
    const chunk = readStreamChunk(frame.data);
    switch (chunk.type) {
      // A comment keeps this connection alive, not the caller's; it is no sign of an answer either.
      case "comment":
        return;
      case "other":
        this.#events.push(bytes);
        return;
      case "usage":
        this.tally.tokens = chunk.tokens;
        if (this.#rules.isUsageRelayed) this.#events.push(bytes);
        return;
      case "choices":
        this.tally.tokens = chunk.tokens ?? this.tally.tokens;
        this.#events.push(bytes);
        if (this.tally.add(chunk.choices)) this.#hasContent = true;
        // What was said is kept until the end, for those who compare and estimate.
        if (this.tally.text.length > maxAnswerBytes)
          this.#fail({ type: "failed", message: `answered more than ${maxAnswerBytes} bytes` });
        return;
      case "done":
        this.#isDone = true;
        return this.#finish();
      case "faulty":
        return this.#fail({ type: "failed", message: chunk.problem });
    }
  }

  #finish(): void {
    if (this.tally.isComplete) this.#end = { type: "complete" };
    else this.#fail({ type: "cut", message: "ended the stream before the answer was complete" });
  }

  #fail(fault: ProviderFault, cause?: unknown): void {
    this.#end = { type: "fault", fault: new StreamFault(fault, cause) };
  }
}

async function drain(chunks: AsyncIterator<Uint8Array>, source: ProviderStream): Promise<void> {
  const timer = setTimeout(() => source.cancel(), drainTimeoutMs);
  try {
    while ((await chunks.next()).done !== true);
  } catch {
    // The answer was complete; how its connection ends is of no interest.
  } finally {
    clearTimeout(timer);
  }
}
