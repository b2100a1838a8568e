/**
 * The state of every topic, and who follows it. A topic keeps the newest entry per key only, and a reader is a cursor
 * into that: a slow one skips to the newest state, and nothing is ever queued for it.
 */
import { nextVersion } from "@dimmer/spec/flag-set-version";
import type { StreamEvent, StreamTopic } from "@dimmer/spec";
import type { Clock } from "../clock.ts";

/** Where a reader's bytes go. */
export interface StreamSink {
  /** Takes an event's bytes; false asks to be left alone until `StreamSubscription.resume` is called. */
  write(event: Uint8Array): boolean;
}

export interface StreamSubscription {
  /** The sink can take more: sends the newest state of whatever changed meanwhile. */
  resume(): void;
  close(): void;
}

export interface SubscribeOptions {
  readonly environment: string;
  readonly topics: readonly StreamTopic[];
  /** The id of the last event this reader saw; what it has is spared. */
  readonly lastEventId?: string | undefined;
  readonly sink: StreamSink;
}

interface Entry {
  readonly sequence: number;
  readonly event: StreamEvent;
  /** Its bytes by the topics that are followed, which its id names; written on first use and shared by every reader. */
  readonly bytes: Map<string, Uint8Array>;
}

interface Reader {
  readonly options: SubscribeOptions;
  readonly topicNames: string;
  cursor: number;
  isStalled: boolean;
}

/** Readers see at most this many past audit entries. */
const maxEntriesPerTopic = 100;

export class StreamHub {
  readonly #clock: Clock;
  /** Sequences mean something only within one run of the server; after a restart every reader receives everything. */
  readonly #bootId: string;
  readonly #entries = new Map<string, Map<StreamTopic, Map<string, Entry>>>();
  readonly #readers = new Map<string, Set<Reader>>();
  #sequence = 0;

  constructor(clock: Clock, bootId: string) {
    this.#clock = clock;
    this.#bootId = bootId;
  }

  /** Makes `event` the newest state of its topic and key, and sends it to everyone who follows the topic. */
  publish(environment: string, event: StreamEvent, key = ""): void {
    const entries = this.#topic(environment, event.event);
    this.#sequence = nextVersion(this.#sequence, this.#clock.nowMs());
    entries.delete(key);
    entries.set(key, { sequence: this.#sequence, event, bytes: new Map() });
    const oldest = entries.keys().next();
    if (entries.size > maxEntriesPerTopic && oldest.done !== true) entries.delete(oldest.value);
    for (const reader of this.#readers.get(environment) ?? []) this.#flush(reader);
  }

  /** Sends the present state to a new reader, then every change until it is closed. */
  subscribe(options: SubscribeOptions): StreamSubscription {
    const topicNames = [...options.topics].sort().join(",");
    const reader: Reader = {
      options,
      topicNames,
      cursor: this.#parseCursor(options.lastEventId, topicNames),
      isStalled: false,
    };
    const readers = this.#readers.get(options.environment) ?? new Set();
    this.#readers.set(options.environment, readers.add(reader));
    this.#flush(reader);
    return {
      resume: () => {
        reader.isStalled = false;
        this.#flush(reader);
      },
      close: () => void readers.delete(reader),
    };
  }

  /** How many readers there are. */
  get readerCount(): number {
    return [...this.#readers.values()].reduce((sum, readers) => sum + readers.size, 0);
  }

  #topic(environment: string, topic: StreamTopic): Map<string, Entry> {
    const topics = this.#entries.get(environment) ?? new Map<StreamTopic, Map<string, Entry>>();
    this.#entries.set(environment, topics);
    const entries = topics.get(topic) ?? new Map<string, Entry>();
    topics.set(topic, entries);
    return entries;
  }

  #flush(reader: Reader): void {
    if (reader.isStalled) return;
    const pending = reader.options.topics
      .flatMap((topic) => [...this.#topic(reader.options.environment, topic).values()])
      .filter((entry) => entry.sequence > reader.cursor)
      .sort((a, b) => a.sequence - b.sequence);
    for (const entry of pending) {
      reader.cursor = entry.sequence;
      if (!reader.options.sink.write(this.#bytesOf(entry, reader.topicNames))) {
        reader.isStalled = true;
        return;
      }
    }
  }

  #bytesOf({ sequence, event, bytes }: Entry, topicNames: string): Uint8Array {
    const known = bytes.get(topicNames);
    if (known !== undefined) return known;
    const id = `${this.#bootId}.${sequence}.${topicNames}`;
    const written = Buffer.from(`id: ${id}\nevent: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`);
    bytes.set(topicNames, written);
    return written;
  }

  /** A reader that now asks for other topics has not seen those: it starts again. */
  #parseCursor(lastEventId: string | undefined, topicNames: string): number {
    const [bootId, sequence, ...topics] = (lastEventId ?? "").split(".");
    const cursor = Number(sequence);
    return bootId === this.#bootId && topics.join(".") === topicNames && Number.isSafeInteger(cursor) ? cursor : 0;
  }
}
