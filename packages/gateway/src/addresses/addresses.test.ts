import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { adminToken, errorOf, hello, startGateway } from "../gateway.fixture.ts";
import { chunk, roleChunk } from "../upstream.fake.ts";

const chat = "POST, OPTIONS";
const readable = "GET, HEAD, OPTIONS";

describe("an address that does not answer a method", () => {
  test.each([
    ["GET", "/v1/chat/completions", chat],
    ["HEAD", "/v1/chat/completions", chat],
    ["DELETE", "/v1/models", readable],
    ["POST", "/v1/models/chat", readable],
    ["POST", "/healthz", readable],
    ["PUT", "/metrics", readable],
    ["POST", "/admin/status", readable],
    ["POST", "/admin/simulated/one", "GET, PUT, HEAD, OPTIONS"],
  ])("%s %s: says which it does", async (method, path, allow) => {
    await using gateway = await startGateway();
    const response = await fetch(gateway.url + path, { method });
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
    if (method !== "HEAD") expect(await errorOf(response)).toMatchObject({ code: "method_not_allowed" });
  });

  test("says it to OPTIONS as well, and lets no web page in", async () => {
    await using gateway = await startGateway();
    const headers = { origin: "https://evil.example", "access-control-request-method": "POST" };
    const response = await fetch(`${gateway.url}/v1/chat/completions`, { method: "OPTIONS", headers });
    expect([response.status, response.headers.get("allow")]).toEqual([204, chat]);
    expect(response.headers.has("access-control-allow-origin")).toBe(false);
  });
});

test.each(["/v1/models", "/healthz", "/readyz", "/metrics"])("HEAD %s is GET without its body", async (path) => {
  await using gateway = await startGateway();
  const [head, get] = [await fetch(gateway.url + path, { method: "HEAD" }), await fetch(gateway.url + path)];
  expect([head.status, head.headers.get("content-type")]).toEqual([200, get.headers.get("content-type")]);
  expect(await head.text()).toBe("");
});

describe("the same address", () => {
  test.each(["/v1/chat/completions/", "/chat/completions", "/chat/completions/?beta=true"])("%s", async (path) => {
    await using gateway = await startGateway();
    const headers = { "content-type": "application/json" };
    const response = await fetch(gateway.url + path, { method: "POST", headers, body: JSON.stringify(hello) });
    expect(response.status).toBe(200);
  });

  test("written in full, as proxies do", async () => {
    await using gateway = await startGateway();
    const answer = await speak(gateway.url, `GET ${gateway.url}/v1/models HTTP/1.1\r\nhost: x\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*"id":"chat"/s);
  });
});

describe("a model", () => {
  test("is described to the official client", async () => {
    const models = [{ provider: "one", model: "m1" }];
    await using gateway = await startGateway({ config: { routes: { "team/chat": { models }, chat: { models } } } });
    const known = { object: "model", owned_by: "dimmer" };
    expect(await gateway.client.models.retrieve("chat")).toMatchObject({ id: "chat", ...known });
    expect(await gateway.client.models.retrieve("team/chat")).toMatchObject({ id: "team/chat", ...known });
    await expect(gateway.client.models.retrieve("gpt")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
    expect((await fetch(`${gateway.url}/v1/models/%ff`)).status).toBe(404);
  });

  test("nobody has is quoted only as far as it can be read", async () => {
    await using gateway = await startGateway();
    const error = await errorOf(await gateway.post({ ...hello, model: "m".repeat(100_000) }));
    expect(error).toMatchObject({ status: 404, code: "model_not_found" });
    expect(error.message.length).toBeLessThan(300);
  });
});

test("whoever asks elsewhere is told where the gateway answers", async () => {
  await using gateway = await startGateway();
  const error = await errorOf(await fetch(`${gateway.url}/v1/responses`, { method: "POST" }));
  expect(error).toMatchObject({ status: 404, code: "not_found", type: "not_found_error" });
  expect(error.message).toContain(
    "There is nothing at /v1/responses. This gateway answers at " +
      "/v1/chat/completions, /v1/models, /healthz, /readyz, /metrics and /admin/status.",
  );
});

describe("every answer names its request", () => {
  test.each([
    ["GET", "/healthz"],
    ["GET", "/readyz"],
    ["GET", "/metrics"],
    ["GET", "/v1/models"],
    ["GET", "/admin/status"],
    ["GET", "/admin/simulated/none"],
    ["GET", "/nowhere"],
    ["PUT", "/v1/models"],
    ["OPTIONS", "/v1/models"],
    ["POST", "/v1/chat/completions"],
  ])("%s %s", async (method, path) => {
    await using gateway = await startGateway();
    const own = { "x-request-id": "my-id" };
    expect((await fetch(gateway.url + path, { method, headers: own })).headers.get("x-request-id")).toBe("my-id");
    const told = { authorization: `Bearer ${adminToken}` };
    expect((await fetch(gateway.url + path, { method, headers: told })).headers.get("x-request-id")).toMatch(/.{8}/);
  });

  test("even if it is no request", async () => {
    await using gateway = await startGateway();
    expect(await speak(gateway.url, "hello?\r\n")).toMatch(/^HTTP\/1\.1 400 .*\r\nx-request-id: .{8}/s);
  });
});

test("nothing is written into the middle of an answer when its caller sends garbage", async () => {
  await using gateway = await startGateway();
  gateway.one.will((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(roleChunk + chunk({ content: "half" }));
  });
  const socket = connect(Number(new URL(gateway.url).port), "127.0.0.1");
  const body = JSON.stringify({ ...hello, stream: true });
  const head = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\n${head}\r\n\r\n${body}`);
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString();
    if (answer.includes("half")) socket.write("garbage\r\n\r\n");
  });
  socket.on("error", () => undefined);
  await once(socket, "close");
  expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200"]);
});

/** Sends a head by hand, reads until the gateway has nothing more to say. */
async function speak(url: string, head: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  socket.write(`${head}connection: close\r\n\r\n`);
  let answer = "";
  socket.on("data", (data) => (answer += data.toString()));
  await once(socket, "close");
  return answer;
}
