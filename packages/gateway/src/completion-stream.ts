/**
 * Watches over a streamed answer. It is held until its first piece of content has come: before that point any fault
 * can still be made good by another call. From then on the provider's bytes are relayed as they are, and the stream
 * ends normally only if the answer was complete: every choice that began has said why it finished. A connection that
 * ends earlier, stalls, or carries an error or garbage is a fault; it never looks like a short answer.
 */
import type { TokenCounts } from "./completion-body.ts";
import type { ProviderFault, ProviderResult, ProviderStream } from "./provider.ts";
import { SseFrameSplitter, maxFrameBytes } from "./sse-frames.ts";
import type { SseFrame } from "./sse-frames.ts";
import { readStreamChunk } from "./stream-chunk.ts";
import type { StreamChunk } from "./stream-chunk.ts";

export interface StreamRules {
  /** How long to wait for the next event. The time the reader takes does not count. */
  readonly stallTimeoutMs: number;
  /** Whether the usage report at the end is relayed; the gateway always asks for it, callers only sometimes. */
  readonly isUsageRelayed: boolean;
}

/** What has been read of a stream so far; complete when `frames` has ended. */
export interface StreamTally {
  text: string;
  tokens: TokenCounts | undefined;
}

export interface HeldStream {
  /** Events from the first one on, without `[DONE]`. Reading throws `StreamFault`. */
  readonly frames: AsyncIterable<Uint8Array>;
  readonly tally: Readonly<StreamTally>;
  /** Ends the call when nobody will read the frames. */
  cancel(): void;
}

/** A fault met while reading. */
export class StreamFault extends Error {
  readonly fault: ProviderFault;

  constructor(fault: ProviderFault, options?: { cause?: unknown }) {
    super(fault.message, options);
    this.fault = fault;
  }
}

/** How long the connection may take to end after `[DONE]`, so that it can be used again. */
const drainTimeoutMs = 1000;

/** Reads up to the first piece of content. */
export async function holdStream(source: ProviderStream, rules: StreamRules): Promise<ProviderResult<HeldStream>> {
  const tally: StreamTally = { text: "", tokens: undefined };
  const frames = readFrames(source, rules, tally);
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  try {
    for (;;) {
      const next = await frames.next();
      if (next.done === true) break;
      held.push(next.value.bytes);
      heldBytes += next.value.bytes.length;
      if (next.value.isContent) break;
      if (heldBytes > maxFrameBytes) throw new StreamFault({ type: "failed", message: "sent too much before any content" });
    }
  } catch (error) {
    source.cancel();
    if (error instanceof StreamFault) return { ok: false, fault: error.fault };
    throw error;
  }
  return { ok: true, value: { frames: resume(held, frames), tally, cancel: () => source.cancel() } };
}

interface RelayedFrame {
  readonly bytes: Uint8Array;
  readonly isContent: boolean;
}

async function* resume(held: readonly Uint8Array[], rest: AsyncGenerator<RelayedFrame, void>): AsyncGenerator<Uint8Array, void> {
  try {
    // One write for everything held back: head and first content leave in one packet.
    yield held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    for await (const frame of rest) yield frame.bytes;
  } finally {
    await rest.return();
  }
}

async function* readFrames(
  source: ProviderStream,
  rules: StreamRules,
  tally: StreamTally,
): AsyncGenerator<RelayedFrame, void> {
  const splitter = new SseFrameSplitter();
  const chunks = source.chunks[Symbol.asyncIterator]();
  const watch = watchStall(source, rules.stallTimeoutMs);
  const choices = { open: new Set<number>(), finished: 0 };
  let isDone = false;
  try {
    while (!isDone) {
      const chunk = await watch.during(() => chunks.next());
      if (chunk.done === true) break;
      const frames = splitter.push(chunk.value);
      if (frames === undefined) throw new StreamFault({ type: "failed", message: "sent an event without end" });
      for (const frame of frames) {
        const read = readStreamChunk(frame.data);
        if (read.type === "faulty") throw new StreamFault({ type: "failed", message: read.problem });
        if (read.type === "done") {
          isDone = true;
          break;
        }
        const relayed = account(frame, read, rules, tally, choices);
        if (relayed !== undefined) yield relayed;
        // Only what carries data is a sign of life; servers send comments for as long as they hang.
        if (frame.data !== undefined) watch.restart();
      }
    }
  } catch (error) {
    if (error instanceof StreamFault) throw error;
    throw new StreamFault({ type: "cut", message: "broke the connection" }, { cause: error });
  } finally {
    watch.stop();
    if (isDone) void drain(chunks, source);
    else source.cancel();
  }
  if (choices.finished === 0 || choices.open.size > 0 || splitter.isInsideFrame) {
    throw new StreamFault({ type: "cut", message: "ended the stream before the answer was complete" });
  }
}

/** Takes down what one event said; undefined when it is not for the caller. */
function account(
  frame: SseFrame,
  chunk: Exclude<StreamChunk, { type: "done" | "faulty" }>,
  rules: StreamRules,
  tally: StreamTally,
  choices: { open: Set<number>; finished: number },
): RelayedFrame | undefined {
  if (chunk.type === "other") return { bytes: frame.bytes, isContent: false };
  if (chunk.tokens !== undefined) tally.tokens = chunk.tokens;
  if (chunk.type === "usage") return rules.isUsageRelayed ? { bytes: frame.bytes, isContent: false } : undefined;
  let isContent = false;
  for (const choice of chunk.choices) {
    if (choice.index === 0) tally.text += choice.text;
    if (choice.hasContent || choice.isFinished) isContent = true;
    if (choice.isFinished) {
      choices.open.delete(choice.index);
      choices.finished += 1;
    } else {
      choices.open.add(choice.index);
    }
  }
  return { bytes: frame.bytes, isContent };
}

interface StallWatch {
  /** Reads; a fault when the time runs out meanwhile. */
  during<T>(read: () => Promise<T>): Promise<T>;
  restart(): void;
  stop(): void;
}

/** Ends the call when nothing is heard for too long. The time the reader takes for what it got does not count. */
function watchStall(source: ProviderStream, timeoutMs: number): StallWatch {
  let isReading = false;
  let isStalled = false;
  let isDueAgain = false;
  const timer = setTimeout(() => {
    isStalled = isReading;
    isDueAgain = !isReading;
    if (isStalled) source.cancel();
  }, timeoutMs);
  const stalled = (cause?: unknown): StreamFault =>
    new StreamFault({ type: "timeout", message: `sent nothing for ${timeoutMs} ms` }, { cause });
  return {
    async during(read) {
      isReading = true;
      if (isDueAgain) timer.refresh();
      isDueAgain = false;
      try {
        const result = await read();
        if (isStalled) throw stalled();
        return result;
      } catch (error) {
        throw isStalled && !(error instanceof StreamFault) ? stalled(error) : error;
      } finally {
        isReading = false;
      }
    },
    restart: () => void timer.refresh(),
    stop: () => clearTimeout(timer),
  };
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
