import type { StreamEvent } from "@dimmer/spec";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { openStream } from "../../test/open-stream.ts";
import { startPlane } from "../../test/start-plane.ts";
import { createFakeClock } from "../clock.fake.ts";
import { StreamHub } from "./stream-hub.ts";

describe("the stream", () => {
  it("sends the whole state of each topic, then every change", async () => {
    const plane = await startPlane();
    const stream = await openStream(plane, { topics: "flag-set,kills,stage,audit" });
    expect((await stream.next("flag-set")).data).toEqual(await plane.call("getFlagSet", {}));
    expect((await stream.next("kills")).data.active).toEqual([]);
    expect((await stream.next("stage")).data.current).toBe("dark");
    const { version } = await plane.call("enterStage", { body: { stage: "shadow" } });
    expect((await stream.next("flag-set")).data.version).toBe(version);
    await expect.poll(async () => (await stream.next("stage")).data.current).toBe("shadow");
    await expect.poll(async () => (await stream.next("audit")).data.action).toBe("stage-entered");
    await plane.call("addKill", { body: { scope: "all" } });
    expect((await stream.next("kills")).data.active).toMatchObject([{ scope: "all" }]);
  });

  it("spares a reader that comes back what it has, and sends what it missed", async () => {
    const plane = await startPlane();
    const first = await openStream(plane);
    await first.next("flag-set");
    await first.next("kills");
    const lastEventId = first.lastEventId();
    first.close();
    await plane.call("addKill", { body: { scope: "all" } });
    const second = await openStream(plane, { lastEventId: lastEventId ?? "" });
    expect((await second.next("kills")).data.active).toHaveLength(1);
    const { version } = await plane.call("applyChangeSet", {
      body: { edits: [{ type: "serve", flag: "ai.streaming.enabled", value: true }] },
    });
    // Had the old set been sent again, it would have come first.
    expect((await second.next("flag-set")).data.version).toBe(version);
  });

  it("shows who follows, and what they have applied", async () => {
    const plane = await startPlane();
    const stream = await openStream(plane, { instanceId: "app-1", kind: "sdk", topics: "flag-set" });
    const { data } = await stream.next("flag-set");
    await plane.call("reportReplica", {
      params: { instance: "app-1" },
      body: { flagSetVersion: data.version, killVersion: 0 },
    });
    expect(await plane.call("listReplicas", {})).toMatchObject([
      { instanceId: "app-1", kind: "sdk", isConnected: true, flagSetVersion: data.version },
    ]);
    stream.close();
    await expect.poll(async () => (await plane.call("listReplicas", {}))[0]?.isConnected).toBe(false);
  });

  it("sends a reader that took nothing for a while the newest state, not everything it missed", async () => {
    const plane = await startPlane();
    const { hostname, port } = new URL(plane.url);
    const socket = connect({ host: hostname, port: Number(port) });
    onTestFinished(() => void socket.destroy());
    socket.pause();
    const path = "/api/v1/environments/default/stream?topics=flag-set";
    socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${plane.adminToken}\r\n\r\n`);
    // Far more than the buffers of the operating system hold on the way.
    const changes = 60;
    const setBytes = 300_000;
    let version = 0;
    for (let count = 0; count < changes; count += 1) {
      const definition = {
        state: "ENABLED",
        variants: { a: `${count}${"x".repeat(setBytes)}` },
        defaultVariant: "a",
      } as const;
      version = (await plane.call("applyChangeSet", { body: { edits: [{ type: "put", flag: "big", definition }] } }))
        .version;
    }
    let received = 0;
    let tail = "";
    socket.resume();
    for await (const chunk of socket) {
      tail = tail.slice(-100) + String(chunk);
      received += String(chunk).length;
      if (tail.includes(`"version":${version}`)) break;
    }
    expect(received).toBeLessThan(changes * setBytes * 0.8);
  });

  it("shows that it is alive, and ends with its reader's token", async () => {
    const clock = createFakeClock();
    const plane = await startPlane({ clock });
    const { id, secret } = await plane.call("createToken", { body: { name: "reader", scopes: ["read"] } });
    const response = await fetch(`${plane.url}/api/v1/environments/default/stream?topics=replicas`, {
      headers: { authorization: `Bearer ${secret}` },
    });
    clock.advance(10_000);
    await plane.call("deleteToken", { params: { token: id } });
    clock.advance(10_000);
    expect(await response.text()).toBe(": Dimmer\n\n: alive\n\n");
  });

  it("refuses a topic that is none", async () => {
    const plane = await startPlane();
    expect(await plane.refuse("stream", { query: { topics: "flag-set,weather" } })).toMatchObject({
      status: 400,
      code: "invalid_request",
    });
  });
});

describe("StreamHub", () => {
  const replicas = (instanceId: string): StreamEvent => ({
    event: "replicas",
    data: [
      {
        instanceId,
        kind: "sdk",
        connectedAt: "",
        lastSeenAt: "",
        isConnected: true,
        flagSetVersion: 0,
        killVersion: 0,
      },
    ],
  });

  it("sends a slow reader the newest state only, however much happened meanwhile", () => {
    const hub = new StreamHub(createFakeClock(), "boot");
    const received: string[] = [];
    let isReady = true;
    const subscription = hub.subscribe({
      environment: "e",
      topics: ["replicas"],
      sink: {
        write: (event) => {
          received.push(event.toString());
          return isReady;
        },
      },
    });
    isReady = false;
    for (let count = 0; count < 1000; count += 1) hub.publish("e", replicas(`i${count}`));
    expect(received).toHaveLength(1);
    isReady = true;
    subscription.resume();
    expect(received).toHaveLength(2);
    expect(received[1]).toContain("i999");
  });

  it("writes an event once for all who follow the same topics", () => {
    const hub = new StreamHub(createFakeClock(), "boot");
    const received: Uint8Array[] = [];
    for (let count = 0; count < 3; count += 1)
      hub.subscribe({
        environment: "e",
        topics: ["replicas"],
        sink: {
          write: (event) => {
            received.push(event);
            return true;
          },
        },
      });
    hub.publish("e", replicas("i"));
    expect(new Set(received).size).toBe(1);
    expect(received).toHaveLength(3);
  });

  it("starts again for a reader of an earlier run, or of other topics", () => {
    const hub = new StreamHub(createFakeClock(), "boot");
    const ids: string[] = [];
    const sink = {
      write: (event: Uint8Array) => {
        ids.push(/^id: (.*)$/m.exec(event.toString())?.[1] ?? "");
        return true;
      },
    };
    hub.publish("e", replicas("i"));
    hub.subscribe({ environment: "e", topics: ["replicas"], sink });
    const [id] = ids;
    hub.subscribe({ environment: "e", topics: ["replicas"], lastEventId: id, sink });
    expect(ids).toHaveLength(1);
    hub.subscribe({ environment: "e", topics: ["replicas"], lastEventId: id?.replace("boot", "older"), sink });
    hub.subscribe({ environment: "e", topics: ["replicas", "audit"], lastEventId: id, sink });
    hub.subscribe({ environment: "e", topics: ["replicas"], lastEventId: "nonsense", sink });
    expect(ids).toHaveLength(4);
  });
});
