import { once } from "node:events";
import { connect } from "node:net";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import { createGateway } from "@dimmer/gateway";
import { errorOf, hello, startGateway } from "./gateway.fixture.ts";
import { FakeSwitches } from "./ports/switches.fake.ts";
import {
  chunk,
  completionText,
  doneChunk,
  finishChunk,
  roleChunk,
  staysSilent,
  streamsPieces,
} from "./upstream.fake.ts";

describe("a caller who goes away", () => {
  test("ends the call to the provider, and is no error", async () => {
    await using gateway = await startGateway();
    gateway.one.will(staysSilent);
    const leaving = new AbortController();
    const arrived = gateway.one.nextRequest();
    const answer = gateway.client.chat.completions.create(hello, { signal: leaving.signal });
    const request = await arrived;
    leaving.abort();
    await expect(answer).rejects.toThrow(OpenAI.APIUserAbortError);
    await request.closed;
    expect(gateway.two.requests).toHaveLength(0);
    const text = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(text).toContain('result="request_aborted"} 1\n');
    expect(text).toContain('dimmer_gateway_errors_total{variant="v1"} 0\n');
  });

  test("in the middle of a stream ends it upstream", async () => {
    await using gateway = await startGateway();
    gateway.one.will(streamsPieces([roleChunk, chunk({ content: "half" })], "stay"));
    const leaving = new AbortController();
    const arrived = gateway.one.nextRequest();
    const stream = await gateway.client.chat.completions.create({ ...hello, stream: true }, { signal: leaving.signal });
    const request = await arrived;
    for await (const event of stream) if (event.choices[0]?.delta.content === "half") leaving.abort();
    await request.closed;
  });
});

test("a port that is taken is a fault of the configuration, by its number", async () => {
  await using gateway = await startGateway();
  const { port } = new URL(gateway.url);
  const second = createGateway({
    config: { providers: { one: { type: "simulated" } }, routes: {} },
    dimmer: new FakeSwitches(),
  });
  await expect(second.listen({ port: Number(port) })).rejects.toMatchObject({
    code: "config_invalid",
    message: `The port ${port} on 127.0.0.1 is taken. Choose another, or 0 for any free one.`,
  });
  await second.close();
});

describe("closing", () => {
  test("lets running requests finish, takes no new ones, and is unready meanwhile", async () => {
    await using gateway = await startGateway();
    let finish = (): void => undefined;
    gateway.one.will((response) => {
      finish = () => response.writeHead(200, { "content-type": "application/json" }).end(completionText("finished"));
    });
    // A second connection, kept alive, on which the gateway can still be asked.
    const second = await keepAlive(gateway.url);
    const arrived = gateway.one.nextRequest();
    const answer = gateway.post(hello);
    await arrived;
    const pending = second.startRequest();
    const closed = gateway.gateway.close({ graceMs: 5000 });
    expect(await pending.finish()).toContain('"code":"shutting_down"');
    finish();
    expect((await answer).status).toBe(200);
    await closed;
    await expect(fetch(gateway.url)).rejects.toThrow("fetch failed");
  });

  test("twice is closing once: both wait for the running request", async () => {
    await using gateway = await startGateway();
    const order: string[] = [];
    let finish = (): void => undefined;
    gateway.one.will((response) => {
      finish = () => {
        order.push("finished");
        response.writeHead(200, { "content-type": "application/json" }).end(completionText("finished"));
      };
    });
    const arrived = gateway.one.nextRequest();
    const answer = gateway.post(hello);
    await arrived;
    const first = gateway.gateway.close({ graceMs: 5000 }).then(() => order.push("closed"));
    const second = gateway.gateway.close({ graceMs: 5000 }).then(() => order.push("closed"));
    setImmediate(finish);
    await Promise.all([answer, first, second]);
    expect(order).toEqual(["finished", "closed", "closed"]);
  });

  test("ends what outlasts the grace: an error for whole answers, an event in streams", async () => {
    await using gateway = await startGateway({
      config: {
        routes: {
          chat: { models: [{ provider: "one", model: "m1" }] },
          other: { models: [{ provider: "two", model: "m2" }] },
        },
      },
    });
    gateway.one.will(staysSilent);
    gateway.two.will(streamsPieces([roleChunk, chunk({ content: "half" })], "stay"));
    const arrived = gateway.one.nextRequest();
    const answer = gateway.post(hello);
    await arrived;
    const stream = await gateway.post({ ...hello, model: "other", stream: true });
    await gateway.gateway.close({ graceMs: 10 });
    expect(await errorOf(await answer)).toMatchObject({ status: 503, code: "shutting_down" });
    const text = await stream.text();
    expect(text).toContain('"code":"shutting_down"');
    expect(text).not.toContain("[DONE]");
  });
});

describe("health", () => {
  test("is answered as long as the process can; readiness follows the flags", async () => {
    await using gateway = await startGateway();
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
    expect(await (await fetch(`${gateway.url}/readyz`)).json()).toMatchObject({ ready: true, flags: { version: 7 } });
    gateway.switches.isReady = false;
    expect((await fetch(`${gateway.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${gateway.url}/healthz`)).status).toBe(200);
  });

  test("closing a gateway that never listened does nothing", async () => {
    const config = {
      providers: { sim: { type: "simulated" as const } },
      routes: { chat: { models: [{ provider: "sim", model: "m" }] } },
    };
    await createGateway({ config, dimmer: new FakeSwitches() }).close();
  });
});

/** A raw connection that has sent part of a request, so that closing does not take it for idle. */
async function keepAlive(url: string): Promise<{ startRequest(): { finish(): Promise<string> } }> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  return {
    startRequest() {
      const body = JSON.stringify(hello);
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      return {
        async finish() {
          socket.write(body);
          const [data] = (await once(socket, "data")) as [Buffer];
          return data.toString();
        },
      };
    },
  };
}

test("the bytes of a stream that finishes while closing are whole", async () => {
  await using gateway = await startGateway();
  let finish = (): void => undefined;
  gateway.one.will((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(roleChunk + chunk({ content: "all" }));
    finish = () => response.end(finishChunk + doneChunk);
  });
  const response = await gateway.post({ ...hello, stream: true });
  const closed = gateway.gateway.close({ graceMs: 5000 });
  finish();
  expect(await response.text()).toBe(roleChunk + chunk({ content: "all" }) + finishChunk + doneChunk);
  await closed;
});
