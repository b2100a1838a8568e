import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { errorOf, hello, startGateway } from "../gateway.fixture.ts";
import { answers, answersBytes, completionText } from "../upstream.fake.ts";

describe("bodies", () => {
  test.each([
    ["empty", "body", ""],
    ["not json", "body", "{"],
    ["not UTF-8", "body", Buffer.from(JSON.stringify(hello).replace("hello", "gr\u00fc\u00dfe"), "latin1")],
    ["a list", "body", "[]"],
    ["no model", "model", { messages: hello.messages }],
    ["a model that is no text", "model", { ...hello, model: 4 }],
    ["no messages", "messages", { model: "chat" }],
    ["an empty conversation", "messages", { ...hello, messages: [] }],
    ["a message that is none", "messages[1]", { ...hello, messages: [...hello.messages, "hi"] }],
    ["a message without a role", "messages[0]", { ...hello, messages: [{ content: "hi" }] }],
    ["stream of another type", "stream", { ...hello, stream: "yes" }],
    ["user of another type", "user", { ...hello, user: 7 }],
    ["tools of another type", "tools", { ...hello, tools: {} }],
  ])("%s: the error names %s", async (_name, param, body) => {
    await using gateway = await startGateway();
    expect(await errorOf(await gateway.post(body))).toMatchObject({
      status: 400,
      code: "invalid_request",
      type: "invalid_request_error",
      param,
    });
    expect(gateway.one.requests).toHaveLength(0);
  });

  test("larger than the limit: refused, announced or not", async () => {
    await using gateway = await startGateway({ config: { limits: { bodyBytes: 1000 } } });
    const large = JSON.stringify({ ...hello, padding: "x".repeat(2000) });
    expect(await errorOf(await gateway.post(large))).toMatchObject({ status: 413, code: "body_too_large" });
    const chunked = new ReadableStream({
      start(controller) {
        for (let at = 0; at < large.length; at += 500) controller.enqueue(Buffer.from(large.slice(at, at + 500)));
        controller.close();
      },
    });
    const init: RequestInit = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: chunked,
      duplex: "half",
    };
    expect(await errorOf(await fetch(`${gateway.url}/v1/chat/completions`, init))).toMatchObject({
      status: 413,
      code: "body_too_large",
    });
    // And the gateway goes on.
    expect((await gateway.post(hello)).status).toBe(200);
  });

  test("the default limit is 4 MiB", async () => {
    await using gateway = await startGateway();
    const padded = (bytes: number): string => {
      const frame = JSON.stringify({ ...hello, padding: "" }).length;
      return JSON.stringify({ ...hello, padding: "x".repeat(bytes - frame) });
    };
    expect((await gateway.post(padded(4 * 1024 * 1024))).status).toBe(200);
    expect((await gateway.post(padded(4 * 1024 * 1024 + 1))).status).toBe(413);
  });

  test.each([{ "content-type": "text/plain" }, { "content-type": "application/json", "content-encoding": "gzip" }])(
    "%j is refused",
    async (headers) => {
      await using gateway = await startGateway();
      expect(await errorOf(await gateway.post(hello, headers))).toMatchObject({ status: 400, code: "invalid_request" });
    },
  );
});

test("more requests than may be held at a time are refused, and told when to come back", async () => {
  await using gateway = await startGateway({ config: { limits: { concurrentRequests: 1 } } });
  let finish = (): void => undefined;
  gateway.one.will((response, request) => {
    finish = () => answers("hello")(response, request);
  });
  const arrived = gateway.one.nextRequest();
  const first = gateway.post(hello);
  await arrived;
  const refused = await gateway.post(hello);
  expect(refused.headers.get("retry-after")).toBe("5");
  expect(await errorOf(refused)).toMatchObject({ status: 503, code: "overloaded", type: "api_error" });
  expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  finish();
  expect((await first).status).toBe(200);
  const arrivedAgain = gateway.one.nextRequest();
  const second = gateway.post(hello);
  await arrivedAgain;
  finish();
  expect((await second).status).toBe(200);
});

describe("connections", () => {
  async function speak(url: string, text: string): Promise<string> {
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    socket.write(text);
    let answer = "";
    socket.on("data", (data) => (answer += data.toString()));
    socket.on("error", () => undefined);
    await once(socket, "close");
    return answer;
  }

  test("that send their headers too slowly are closed", async () => {
    await using gateway = await startGateway({ config: { limits: { headersTimeoutMs: 100, requestTimeoutMs: 200 } } });
    expect(await speak(gateway.url, "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n")).toMatch(/^HTTP\/1\.1 408 /);
  });

  test("that do not read their answer are closed, and what is left of it goes with them", async () => {
    await using gateway = await startGateway({ config: { limits: { readTimeoutMs: 100 } } });
    gateway.one.will(answersBytes(completionText("x".repeat(20_000_000))));
    const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1");
    const body = JSON.stringify(hello);
    const head = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    socket.pause();
    socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${head}\r\n\r\n${body}`);
    // A client that reads nothing learns of the end only by writing, and whoever writes is not away.
    const knocking = setInterval(() => socket.write("\r\n"), 500);
    const [error] = (await once(socket, "error")) as [NodeJS.ErrnoException];
    clearInterval(knocking);
    expect(error.code).toMatch(/^(ECONNRESET|EPIPE)$/);
  });

  test("that ask twice at once are not taken for such while their second answer is made", async () => {
    await using gateway = await startGateway({ config: { limits: { readTimeoutMs: 100 } } });
    gateway.one.will(answers("first"), (response, request) => {
      setTimeout(() => answers("second")(response, request), 500);
    });
    const body = JSON.stringify(hello);
    const head = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
    const one = `POST /v1/chat/completions HTTP/1.1\r\n${head}\r\n\r\n${body}`;
    const two = one.replace(head, `${head}\r\nconnection: close`);
    const said = await speak(gateway.url, one + two);
    expect(said.match(/first|second/g)).toEqual(["first", "second"]);
  });

  test("that never send the body they announced are closed", async () => {
    await using gateway = await startGateway({ config: { limits: { headersTimeoutMs: 100, requestTimeoutMs: 200 } } });
    const head =
      "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{";
    await speak(gateway.url, head);
    expect((await gateway.post(hello)).status).toBe(200);
  });

  test("with too many headers, or that speak no HTTP, get an error they can read", async () => {
    await using gateway = await startGateway({ config: { limits: { headerBytes: 2000 } } });
    expect(await speak(gateway.url, `GET / HTTP/1.1\r\nhost: x\r\nlong: ${"x".repeat(3000)}\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 431 .*invalid_request/s,
    );
    expect(await speak(gateway.url, "hello?\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 .*invalid_request/s);
  });
});
