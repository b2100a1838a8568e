import { expect, test } from "vitest";
import { errorOf, hello, startGateway } from "./gateway.fixture.ts";
import {
  answersBytes,
  chunk,
  completionText,
  doneChunk,
  finishChunk,
  roleChunk,
  streams,
  usageChunk,
} from "./upstream.fake.ts";

test("the official client reads a whole answer and the gateway's headers", async () => {
  await using gateway = await startGateway();
  const { data, response } = await gateway.client.chat.completions.create(hello).withResponse();
  expect(data.choices[0]?.message.content).toBe("hello");
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "x-dimmer-route": "chat",
    "x-dimmer-variant": "v1",
    "x-dimmer-provider": "one",
    "x-dimmer-model": "m1",
    "x-dimmer-flag-version": "7",
    "x-dimmer-attempts": "1",
    "x-dimmer-cost-usd": "0.025000",
    "x-request-id": expect.any(String),
  });
});

test("the provider's bytes are relayed untouched", async () => {
  await using gateway = await startGateway();
  const bytes = completionText("grüße ☃");
  gateway.one.will(answersBytes(bytes));
  const response = await gateway.post(hello);
  expect(await response.text()).toBe(bytes);
});

test("only the model of a request is changed, and the provider's key is added", async () => {
  await using gateway = await startGateway();
  await gateway.post(
    { ...hello, temperature: 0.3, user: "u", vendor_extension: { a: [1] } },
    { authorization: "Bearer of-the-caller" },
  );
  const [request] = gateway.one.requests;
  expect(request?.body).toEqual({ ...hello, model: "m1", temperature: 0.3, user: "u", vendor_extension: { a: [1] } });
  expect(request?.path).toBe("/v1/chat/completions");
  expect(request?.headers.authorization).toBe("Bearer secret-of-one");
});

test("the official client reads a stream, and the request id it chose comes back", async () => {
  await using gateway = await startGateway();
  gateway.one.will(streams("he", "llo"));
  const { data, response } = await gateway.client.chat.completions
    .create({ ...hello, stream: true }, { headers: { "x-request-id": "my-id-1" } })
    .withResponse();
  let text = "";
  for await (const event of data) text += event.choices[0]?.delta.content ?? "";
  expect(text).toBe("hello");
  expect(response.headers.get("x-request-id")).toBe("my-id-1");
});

test("a stream's events are relayed untouched; its usage report only to callers who asked for it", async () => {
  await using gateway = await startGateway();
  gateway.one.will(streams("hello"));
  const events = [roleChunk, chunk({ content: "hello" }), finishChunk];
  const plain = await gateway.post({ ...hello, stream: true });
  expect(await plain.text()).toBe([...events, doneChunk].join(""));
  const asked = await gateway.post({ ...hello, stream: true, stream_options: { include_usage: true } });
  expect(await asked.text()).toBe([...events, usageChunk, doneChunk].join(""));
  expect(gateway.one.requests[0]?.body["stream_options"]).toEqual({ include_usage: true });
});

test("with streaming off, a stream is answered whole, as one event", async () => {
  await using gateway = await startGateway();
  gateway.switches.off("ai.streaming.enabled");
  const stream = await gateway.client.chat.completions.create({ ...hello, stream: true });
  const events = [];
  for await (const event of stream) events.push(event);
  expect(events).toHaveLength(1);
  expect(events[0]?.choices[0]).toMatchObject({
    delta: { role: "assistant", content: "hello" },
    finish_reason: "stop",
  });
  expect(gateway.one.requests[0]?.body["stream"]).toBeUndefined();
});

test("tool calls survive an answer that is given whole as one event", async () => {
  await using gateway = await startGateway();
  gateway.switches.off("ai.streaming.enabled");
  const call = { id: "call_1", type: "function" as const, function: { name: "look", arguments: '{"at":"sky"}' } };
  const choices = [
    { index: 0, message: { role: "assistant", content: null, tool_calls: [call] }, finish_reason: "tool_calls" },
  ];
  gateway.one.will(
    answersBytes(JSON.stringify({ id: "x", object: "chat.completion", created: 1, model: "m", choices })),
  );
  const final = await gateway.client.chat.completions.stream({ ...hello, stream: true }).finalChatCompletion();
  expect(final.choices[0]?.message.tool_calls?.[0]).toMatchObject(call);
});

test("addresses work without /v1, and the routes are listed as models", async () => {
  await using gateway = await startGateway();
  const body = JSON.stringify(hello);
  const response = await fetch(`${gateway.url}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  expect(response.status).toBe(200);
  const models = await gateway.client.models.list();
  expect(models.data.map((model) => model.id)).toEqual(["chat"]);
  expect((await fetch(`${gateway.url}/models`)).status).toBe(200);
});

test("an unknown address says so", async () => {
  await using gateway = await startGateway();
  expect(await errorOf(await fetch(`${gateway.url}/v1/nothing`))).toMatchObject({ status: 404, code: "not_found" });
});

test("an answer without usage is estimated, and one without a price is flagged, not free", async () => {
  await using gateway = await startGateway({ config: { prices: {} } });
  gateway.one.will(answersBytes(completionText("12345678").replace(/"usage": \{[^}]*\}/, '"usage": null')));
  const response = await gateway.post(hello);
  expect(response.headers.get("x-dimmer-cost-usd")).toBe("unknown");
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(text).toContain('dimmer_gateway_unpriced_calls_total{variant="v1"} 1\n');
  expect(text).toContain('dimmer_gateway_tokens_total{variant="v1",direction="output"} 2\n');
});

test.each([-5, 1.5, 1e300, "7"])("%j is no count of tokens: they are estimated", async (count) => {
  await using gateway = await startGateway();
  const usage = { prompt_tokens: count, completion_tokens: count };
  gateway.one.will(answersBytes(completionText("12345678", usage)));
  await gateway.post(hello);
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  expect(text).toContain('dimmer_gateway_tokens_total{variant="v1",direction="input"} 2\n');
  expect(text).toContain('dimmer_gateway_tokens_total{variant="v1",direction="output"} 2\n');
});
