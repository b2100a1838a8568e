import { expect, onTestFinished, test } from "vitest";
import { putFlags } from "../../test/put-flags.ts";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";
import { createFakeClock } from "../clock.fake.ts";
import type { Log } from "../log.ts";

const flag = {
  state: "ENABLED" as const,
  variants: { on: true, off: false },
  defaultVariant: "on",
  safeVariant: "off",
};

async function addressOf(plane: TestPlane, secret = plane.adminToken): Promise<string> {
  const response = await fetch(`${plane.url}/ofrep/v1/evaluate/flags`, {
    method: "POST",
    headers: { authorization: `Bearer ${secret}` },
  });
  const { eventStreams } = (await response.json()) as { eventStreams: [{ endpoint: { requestUri: string } }] };
  return eventStreams[0].endpoint.requestUri;
}

interface Reader {
  readonly status: number;
  /** The next event: its id and its data. */
  next(): Promise<{ readonly id: string | undefined; readonly data: unknown }>;
  /** Resolves when the server ends the stream. */
  readonly ended: () => Promise<void>;
}

async function read(plane: TestPlane, address: string, lastEventId?: string): Promise<Reader> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(`${plane.url}${address}`, {
    signal: abort.signal,
    headers: lastEventId === undefined ? {} : { "last-event-id": lastEventId },
  });
  const chunks = response.body?.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  let text = "";
  const frame = async (): Promise<string | undefined> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const found = text.slice(0, end);
        text = text.slice(end + 2);
        return found;
      }
      const chunk = await chunks?.next();
      if (chunk === undefined || chunk.done === true) return undefined;
      text += chunk.value;
    }
  };
  return {
    status: response.status,
    async next() {
      for (;;) {
        const found = await frame();
        if (found === undefined) throw new Error("The stream ended.");
        const data = /^data: (.*)$/m.exec(found)?.[1];
        if (data !== undefined) return { id: /^id: (.*)$/m.exec(found)?.[1], data: JSON.parse(data) as unknown };
      }
    },
    async ended() {
      while ((await frame()) !== undefined);
    },
  };
}

const refetch = { data: { type: "refetchEvaluation", etag: expect.any(String) as string } };

test("a reader is told to ask again at the start, and after a change of the set and of its kills", async () => {
  const plane = await startPlane();
  const reader = await read(plane, await addressOf(plane));
  const first = await reader.next();
  expect(first).toMatchObject(refetch);
  await putFlags(plane, { checkout: flag });
  const second = await reader.next();
  expect(second).toMatchObject(refetch);
  await plane.call("addKill", { body: { scope: "flag", target: "checkout", reason: "" } });
  const third = await reader.next();
  expect(new Set([first.id, second.id, third.id]).size).toBe(3);
});

test("a reader that comes back is told only of what it missed", async () => {
  const plane = await startPlane();
  const address = await addressOf(plane);
  const { id } = await (await read(plane, address)).next();
  const back = await read(plane, address, id);
  await putFlags(plane, { checkout: flag });
  const told = await back.next();
  expect(told.id).not.toBe(id);
  const missed = await read(plane, address, id);
  expect((await missed.next()).id).toBe(told.id);
});

test("changes of one environment are not told in another", async () => {
  const plane = await startPlane();
  await plane.call("createEnvironment", { body: { name: "staging" } });
  const reader = await read(plane, await addressOf(plane));
  const { id } = await reader.next();
  await putFlags(plane, { checkout: flag }, "staging");
  await putFlags(plane, { checkout: flag });
  const told = await reader.next();
  expect(told.id).not.toBe(id);
  const { version } = await plane.call("getFlagSet", {});
  expect(told.id?.split(".")[0]).toBe(version.toString(36));
});

test("a ramp that climbs is told with the heartbeat", async () => {
  const clock = createFakeClock();
  const plane = await startPlane({ clock });
  const [start, end] = [0, 3_600_000].map((ms) => new Date(clock.nowMs() + ms).toISOString());
  await putFlags(plane, { ramp: { ...flag, strategy: { type: "progressive", start, end } } });
  const reader = await read(plane, await addressOf(plane));
  const { id } = await reader.next();
  clock.advance(15_000);
  expect((await reader.next()).id).not.toBe(id);
});

test("the address is the same for the same token, over restarts too, and ends with the token", async () => {
  const clock = createFakeClock();
  const plane = await startPlane({ clock });
  const { secret, id } = await plane.call("createToken", {
    body: { name: "web", scopes: ["read"], environment: "default" },
  });
  const address = await addressOf(plane, secret);
  expect(await addressOf(plane, secret)).toBe(address);
  await plane.close();
  const restarted = await startPlane({ directory: plane.directory, clock });
  const reader = await read(restarted, address);
  expect(reader.status).toBe(200);
  await restarted.call("deleteToken", { params: { token: id } });
  clock.advance(15_000);
  await reader.ended();
  expect((await read(restarted, address)).status).toBe(401);
});

test("an address that was not made here opens nothing, and no address is ever logged", async () => {
  const lines: string[] = [];
  const keep = (fields: object, message: string): void => void lines.push(JSON.stringify([fields, message]));
  const log: Log = { info: keep, warn: keep, error: keep };
  const plane = await startPlane({ log });
  const address = await addressOf(plane);
  const [tokenId = ""] = address.split("/").at(-1)?.split(".") ?? [];
  const other = Buffer.from("staging").toString("base64url");
  for (const forged of [`${address}x`, "/ofrep/v1/events/nonsense", address.replace(/\.[^.]+\./, `.${other}.`)])
    expect((await read(plane, forged)).status).toBe(401);
  await (await read(plane, address)).next();
  expect(lines.join("\n")).not.toContain(tokenId);
});
