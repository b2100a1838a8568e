/** A reader of the stream for tests: asks for the next event of a topic. */
import { streamEvent, type StreamEvent, type StreamTopic } from "@dimmer/spec";
import { onTestFinished } from "vitest";
import type { TestPlane } from "./start-plane.ts";

export interface TestStream {
  /** The next event of a topic; those of others on the way are kept. Each must be what the contract says. */
  next<Topic extends StreamTopic>(topic: Topic): Promise<Extract<StreamEvent, { event: Topic }>>;
  /** Id of the last event that arrived. */
  lastEventId(): string | undefined;
  close(): void;
}

export async function openStream(
  plane: TestPlane,
  query: {
    readonly topics?: string;
    readonly instanceId?: string;
    readonly kind?: string;
    readonly lastEventId?: string;
  } = {},
): Promise<TestStream> {
  const { lastEventId: resumeFrom, ...rest } = query;
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(
    `${plane.url}/api/v1/environments/default/stream?${new URLSearchParams(rest).toString()}`,
    {
      headers: {
        authorization: `Bearer ${plane.adminToken}`,
        ...(resumeFrom === undefined ? {} : { "last-event-id": resumeFrom }),
      },
      signal: abort.signal,
    },
  );
  if (!response.ok || response.body === null)
    throw new Error(`The stream answered ${response.status}: ${await response.text()}`);
  const chunks = response.body.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  const arrived: StreamEvent[] = [];
  let text = "";
  let lastId: string | undefined;

  function take(frame: string): void {
    const fields = new Map(
      frame.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]),
    );
    const data = fields.get("data");
    if (data === undefined) return;
    lastId = fields.get("id");
    arrived.push(streamEvent.parse({ event: fields.get("event"), data: JSON.parse(data) as unknown }));
  }

  return {
    async next(topic) {
      for (;;) {
        const index = arrived.findIndex((event) => event.event === topic);
        const [found] = index < 0 ? [] : arrived.splice(index, 1);
        // The index was found by this topic.
        if (found !== undefined) return found as never;
        const chunk = await chunks.next();
        if (chunk.done === true) throw new Error(`The stream ended before an event of '${topic}'.`);
        text += chunk.value;
        const frames = text.split("\n\n");
        text = frames.pop() ?? "";
        frames.forEach(take);
      }
    },
    lastEventId: () => lastId,
    close: () => abort.abort(),
  };
}
