import { createApiClient } from "@dimmer/api-client";
import type { FollowStreamOptions, StreamState } from "@dimmer/api-client";
import { createManualClock, startFakeControlPlane } from "@dimmer/api-client/testing";
import type { FakeControlPlane, ManualClock } from "@dimmer/api-client/testing";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

let server: FakeControlPlane;
let clock: ManualClock;
let controller: AbortController;
let states: StreamState[];
let events: string[];
let ended: Promise<void>;

beforeEach(async () => {
  server = await startFakeControlPlane();
  clock = createManualClock();
  controller = new AbortController();
  states = [];
  events = [];
});
afterEach(async () => {
  controller.abort();
  await ended;
  await server.stop();
});

const follow = (options: Partial<FollowStreamOptions> = {}): void => {
  const client = createApiClient({ url: server.url, token: server.token, clock, random: () => 1 });
  ended = client.followStream({
    environment: "default",
    topics: ["flag-set", "kills"],
    signal: controller.signal,
    onEvent: (event, id) => events.push(`${event.event} ${id}`),
    onState: (state) => states.push(state),
    ...options,
  });
};
const stateNames = (): string[] => states.map((state) => state.type);
const lastState = (): StreamState | undefined => states.at(-1);
const until = (condition: () => void): Promise<void> => vi.waitFor(condition, { interval: 2, timeout: 5000 });
const untilEvents = (count: number): Promise<void> => until(() => expect(events).toHaveLength(count));
const untilClosed = (times: number): Promise<void> =>
  until(() => expect(states.filter((state) => state.type === "closed")).toHaveLength(times));

test("tells the present state of each topic, then every change", async () => {
  follow({ instanceId: "i 1", kind: "sdk" });
  await untilEvents(2);
  server.putKills({});
  await untilEvents(3);
  expect(events).toEqual(["flag-set 1", "kills 2", "kills 3"]);
  expect(stateNames()).toEqual(["connecting", "open"]);
  const url = new URL(server.requests[0]?.url ?? "", server.url);
  expect(Object.fromEntries(url.searchParams)).toEqual({ topics: "flag-set,kills", instanceId: "i 1", kind: "sdk" });
});

test("reconnects when the stream is cut, and says what it has", async () => {
  follow();
  await untilEvents(2);
  server.cutStreams();
  await untilClosed(1);
  expect(lastState()).toMatchObject({ type: "closed", retryInMs: 250, error: { code: "server_unreachable" } });
  clock.advance(250);
  await untilEvents(4);
  expect(server.requests.map((request) => request.headers["last-event-id"])).toEqual([undefined, "2"]);
});

test("waits longer each time while the server is away, up to the limit, and recovers", async () => {
  await server.stop();
  follow({ maxRetryMs: 1000 });
  for (const [times, retryInMs] of [250, 500, 1000, 1000].entries()) {
    await untilClosed(times + 1);
    expect(lastState()).toMatchObject({ retryInMs });
    if (times === 3) await server.start();
    clock.advance(retryInMs);
  }
  await untilEvents(2);
});

test("a connection that held makes the next wait short again", async () => {
  await server.stop();
  follow({ maxRetryMs: 1000 });
  await untilClosed(1);
  clock.advance(250);
  await untilClosed(2);
  await server.start();
  clock.advance(500);
  await untilEvents(2);
  clock.advance(1001);
  server.cutStreams();
  await untilClosed(3);
  expect(lastState()).toMatchObject({ retryInMs: 250 });
});

test("silence beyond the idle timeout counts as a cut", async () => {
  follow({ idleTimeoutMs: 30_000 });
  await untilEvents(2);
  clock.advance(30_000);
  await untilClosed(1);
  expect(lastState()).toMatchObject({ error: { message: expect.stringContaining("silent for too long") } });
  clock.advance(250);
  await untilEvents(4);
});

test("a heartbeat is life, not an event", async () => {
  let alive = 0;
  follow({ idleTimeoutMs: 30_000, onAlive: () => (alive += 1) });
  await untilEvents(2);
  const before = alive;
  clock.advance(29_999);
  server.write(":\n\n");
  await until(() => expect(alive).toBeGreaterThan(before));
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(29_999);
  expect(stateNames()).toEqual(["connecting", "open"]);
  expect(events).toHaveLength(2);
});

test("a server that never answers is given up after the timeout", async () => {
  let asked = false;
  server.answer("stream", () => (asked = true));
  follow();
  await until(() => expect(asked).toBe(true));
  clock.advance(10_000);
  await untilClosed(1);
});

test.each([
  [
    "another status",
    (): void => server.answer("stream", (_, response) => void response.writeHead(403).end("{}")),
    "forbidden",
  ],
  [
    "something that is no stream",
    (): void => server.answer("stream", (_, response) => void response.end("<html>")),
    "server_unreachable",
  ],
  [
    "an event that is no JSON",
    (): void =>
      server.answer(
        "stream",
        (_, response) =>
          void response.writeHead(200, { "content-type": "text/event-stream" }).write("event: kills\ndata: {\n\n"),
      ),
    "server_unreachable",
  ],
])("%s is told and tried again", async (_, arrange, code) => {
  arrange();
  follow();
  await untilClosed(1);
  expect(lastState()).toMatchObject({ error: { code } });
  server.answer("stream", undefined);
  clock.advance(250);
  await untilEvents(2);
});

test("events of topics nobody asked for are passed over", async () => {
  follow({ topics: ["kills"] });
  await untilEvents(1);
  server.write('event: weather\ndata: {"sunny":true}\n\n');
  server.putKills({});
  await untilEvents(2);
  expect(events).toEqual(["kills 1", "kills 2"]);
});

test("an event the reader cannot take in is asked for again", async () => {
  let isWilling = false;
  follow({
    topics: ["kills"],
    onEvent: (event) => {
      if (!isWilling) throw new Error("not now");
      events.push(event.event);
    },
  });
  await untilClosed(1);
  isWilling = true;
  clock.advance(250);
  await untilEvents(1);
  expect(server.requests[1]?.headers["last-event-id"]).toBeUndefined();
});

test("ends at once when told, in the middle of a stream or of a wait", async () => {
  follow();
  await untilEvents(2);
  controller.abort();
  await ended;
  await until(() => expect(server.openStreams).toBe(0));
  expect(stateNames()).toEqual(["connecting", "open"]);
  expect(clock.waiting).toBe(0);

  await server.stop();
  controller = new AbortController();
  follow();
  await untilClosed(1);
  controller.abort();
  await ended;
  expect(clock.waiting).toBe(0);
});
