import { once } from "node:events";
import { connect } from "node:net";
import type { Router } from "@dimmer/gateway";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { errorOf, hello, startGateway } from "../gateway.fixture.ts";
import {
  answersStatus,
  chunk,
  doneChunk,
  finishChunk,
  roleChunk,
  staysSilent,
  streams,
  streamsPieces,
} from "../upstream.fake.ts";
import type { Behaviour } from "../upstream.fake.ts";

const streamed = { ...hello, stream: true as const };
/** Long enough for the next model to answer on a busy machine. */
const quick = { headersMs: 250, stallMs: 250 };
const content = chunk({ content: "half" });
const errorEvent = 'data: {"error":{"message":"overloaded"}}\n\n';

const beforeContent: readonly { name: string; behaviour: Behaviour }[] = [
  { name: "silent headers", behaviour: staysSilent },
  { name: "status 500", behaviour: answersStatus(500) },
  { name: "a cut right after the headers", behaviour: streamsPieces([], "break") },
  { name: "a cut after the role", behaviour: streamsPieces([roleChunk], "break") },
  { name: "an end after the role", behaviour: streamsPieces([roleChunk]) },
  { name: "a stall after the role", behaviour: streamsPieces([roleChunk], "stay") },
  { name: "only keep-alive comments", behaviour: streamsPieces([": processing\n\n"], "stay") },
  { name: "an error event", behaviour: streamsPieces([roleChunk, errorEvent]) },
  { name: "an event that is not JSON", behaviour: streamsPieces(["data: {broken\n\n"]) },
  { name: "[DONE] without an answer", behaviour: streamsPieces([roleChunk, doneChunk]) },
  {
    name: "a whole answer instead of a stream",
    behaviour: (response) => void response.writeHead(200, { "content-type": "application/json" }).end("{}"),
  },
];

describe("before the first piece of content", () => {
  test.each(beforeContent)(
    "$name falls over to the next model, and the caller sees nothing of it",
    async ({ behaviour }) => {
      await using gateway = await startGateway({ config: { timeouts: quick } });
      gateway.one.will(behaviour);
      gateway.two.will(streams("whole"));
      const response = await gateway.post(streamed);
      expect(await response.text()).toBe([roleChunk, chunk({ content: "whole" }), finishChunk, doneChunk].join(""));
      expect(response.headers.get("x-dimmer-provider")).toBe("two");
    },
  );

  test("with nobody left, the caller gets an ordinary error", async () => {
    await using gateway = await startGateway({
      config: { timeouts: quick, routes: { chat: { models: [{ provider: "one", model: "m1" }] } } },
    });
    gateway.one.will(streamsPieces([roleChunk], "break"));
    expect(await errorOf(await gateway.post(streamed))).toMatchObject({ status: 502, code: "stream_cut" });
  });
});

const afterContent: readonly { name: string; behaviour: Behaviour }[] = [
  { name: "a cut", behaviour: streamsPieces([roleChunk, content], "break") },
  { name: "an end without a finish reason", behaviour: streamsPieces([roleChunk, content]) },
  { name: "[DONE] without a finish reason", behaviour: streamsPieces([roleChunk, content, doneChunk]) },
  { name: "an end inside an event", behaviour: streamsPieces([roleChunk, content, finishChunk.slice(0, -2)]) },
  { name: "a stall", behaviour: streamsPieces([roleChunk, content], "stay") },
  {
    name: "a stall behind keep-alive comments",
    behaviour: (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(roleChunk + content);
      const timer = setInterval(() => response.write(": still there\n\n"), 10);
      response.on("close", () => clearInterval(timer));
    },
  },
  { name: "an error event", behaviour: streamsPieces([roleChunk, content, errorEvent]) },
  { name: "an event that is not JSON", behaviour: streamsPieces([roleChunk, content, "data: {broken\n\n"]) },
  {
    name: "an answer without end",
    behaviour: streamsPieces([content, ...Array.from({ length: 150 }, () => chunk({ content: "x".repeat(250_000) }))]),
  },
  {
    name: "one of two choices left open",
    behaviour: streamsPieces([content, content.replace('"index":0', '"index":1'), finishChunk, doneChunk]),
  },
];

describe("after the first piece of content", () => {
  test.each(afterContent)(
    "$name ends in an error event, without [DONE], and nobody else is asked",
    async ({ behaviour }) => {
      await using gateway = await startGateway({ config: { timeouts: quick, retry: { attempts: 3 } } });
      gateway.one.will(behaviour);
      const events = (await (await gateway.post(streamed)).text()).trim().split("\n\n");
      expect(events).not.toContain("data: [DONE]");
      expect(JSON.parse(events.at(-1)?.slice("data: ".length) ?? "")).toMatchObject({
        error: { code: "stream_cut", type: "api_error" },
      });
      expect([gateway.one.requests.length, gateway.two.requests.length]).toEqual([1, 0]);
    },
  );

  test("the official client throws", async () => {
    await using gateway = await startGateway();
    gateway.one.will(streamsPieces([roleChunk, content], "break"));
    const stream = await gateway.client.chat.completions.create(streamed);
    let text = "";
    await expect(async () => {
      for await (const event of stream) text += event.choices[0]?.delta.content ?? "";
    }).rejects.toThrow(OpenAI.APIError);
    expect(text).toBe("half");
  });

  test("it counts as an error of the gateway, and what was generated as its cost", async () => {
    await using gateway = await startGateway();
    gateway.one.will(streamsPieces([roleChunk, chunk({ content: "x".repeat(40) })], "break"));
    await (await gateway.post(streamed)).text();
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(text).toContain('dimmer_gateway_requests_total{variant="v1",result="stream_cut"} 1\n');
    expect(text).toContain('dimmer_gateway_errors_total{variant="v1"} 1\n');
    expect(text).toContain('dimmer_gateway_tokens_total{variant="v1",direction="output"} 10\n');
  });
});

test("the first content leaves while the answer is still being written", async () => {
  await using gateway = await startGateway();
  let finish = (): void => undefined;
  gateway.one.will((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(roleChunk + content);
    finish = () => response.end(finishChunk + doneChunk);
  });
  const response = await gateway.post(streamed);
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(Buffer.from(first?.value ?? []).toString()).toContain("half");
  finish();
  while ((await reader?.read())?.done === false);
});

test.each([doneChunk.trimEnd(), `${doneChunk}\n`, ""])(
  "an answer that said why it finished is complete, however the stream ends: %j",
  async (ending) => {
    await using gateway = await startGateway();
    gateway.one.will(streamsPieces([content, finishChunk, ending]));
    expect(await (await gateway.post(streamed)).text()).toBe(content + finishChunk + doneChunk);
  },
);

test("the connection of a finished stream is used again", async () => {
  await using gateway = await startGateway();
  const ports = new Set<unknown>();
  gateway.one.will((response, request) => {
    ports.add(response.socket?.remotePort);
    streams("a")(response, request);
  });
  for (let count = 0; count < 3; count += 1) await (await gateway.post(streamed)).text();
  expect(ports.size).toBe(1);
});

test("a router that goes on after the end of its request does not wait for a caller that reads nothing", async () => {
  const large = Buffer.from(chunk({ content: "x".repeat(20_000_000) }));
  let isOver = (): void => undefined;
  const over = new Promise<void>((resolve) => (isOver = resolve));
  const heedless: Router = {
    name: "v2",
    route: async ({ models: [model], signal }) => {
      if (model === undefined) throw new Error("No model.");
      async function* frames(): AsyncGenerator<Uint8Array, void> {
        await once(signal, "abort");
        yield large;
        isOver();
      }
      return { type: "stream", stream: { model, frames: frames(), text: () => "" }, steps: [] };
    },
  };
  await using gateway = await startGateway({ router: heedless, config: { timeouts: { deadlineMs: 50 } } });
  gateway.switches.on("orchestration_enabled", "phase_4_deployment");
  const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1").pause();
  const body = JSON.stringify(streamed);
  const head = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${head}\r\n\r\n${body}`);
  await over;
  socket.destroy();
});
