import { createApiClient } from "@dimmer/api-client";
import { createManualClock, startFakeControlPlane } from "@dimmer/api-client/testing";
import { describeKillStore, describeStoreReader, describeStoreWriter } from "@dimmer/stores/contract";
import type { KillHarness, WriterHarness } from "@dimmer/stores/contract";
import { createControlPlaneStore } from "@dimmer/stores/control-plane";
import { expect, test, vi } from "vitest";

const create = async (): Promise<WriterHarness & KillHarness> => {
  const server = await startFakeControlPlane();
  const clock = createManualClock();
  const client = createApiClient({ url: server.url, token: server.token, clock });
  return {
    store: createControlPlaneStore({ client, instanceId: "one" }),
    other: createControlPlaneStore({ client, instanceId: "two" }),
    put: ({ flags }) => void server.putFlags(flags),
    breakDown: () => server.stop(),
    repair: () => server.start(),
    tick: () => clock.advance(1000),
    dispose: () => server.stop(),
  };
};

describeStoreReader("the control plane", create);
describeStoreWriter("the control plane", create);
describeKillStore("the control plane", create);

test("flags and kills share one stream, which ends with the last follower", async () => {
  const server = await startFakeControlPlane();
  try {
    const client = createApiClient({ url: server.url, token: server.token });
    const store = createControlPlaneStore({ client, instanceId: "i1", kind: "gateway" });
    const ends = { flags: new AbortController(), kills: new AbortController() };
    const changed = vi.fn<() => void>();
    const listener = { changed, failed: (error: unknown) => expect.fail(String(error)), alive: () => undefined };
    store.follow(listener, ends.flags.signal);
    store.followKills(listener, ends.kills.signal);
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2));
    expect(server.openStreams).toBe(1);
    expect(server.requests[0]?.url).toContain("topics=kills%2Cflag-set&instanceId=i1&kind=gateway");
    ends.flags.abort();
    server.putKills({});
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(3));
    ends.kills.abort();
    await vi.waitFor(() => expect(server.openStreams).toBe(0));
  } finally {
    await server.stop();
  }
});

test("a heartbeat of the stream is heard by everybody who follows", async () => {
  const server = await startFakeControlPlane();
  const end = new AbortController();
  try {
    const store = createControlPlaneStore({
      client: createApiClient({ url: server.url, token: server.token }),
      instanceId: "i1",
    });
    const alive = vi.fn<() => void>();
    const changed = vi.fn<() => void>();
    store.follow({ changed, failed: () => undefined, alive }, end.signal);
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
    const before = alive.mock.calls.length;
    server.write(":\n\n");
    await vi.waitFor(() => expect(alive.mock.calls.length).toBeGreaterThan(before));
  } finally {
    end.abort();
    await server.stop();
  }
});

test("kills that do not have the form of kills are a fault, and what was known stays", async () => {
  const server = await startFakeControlPlane();
  const end = new AbortController();
  try {
    const store = createControlPlaneStore({
      client: createApiClient({ url: server.url, token: server.token }),
      instanceId: "i1",
    });
    const failed = vi.fn<(error: Error) => void>();
    const changed = vi.fn<() => void>();
    store.followKills({ changed, failed, alive: () => undefined }, end.signal);
    await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(1));
    server.write('event: kills\ndata: {"killSet":{"kills":"all"}}\n\n');
    await vi.waitFor(() => expect(failed).toHaveBeenCalled());
    expect(failed.mock.calls[0]?.[0].message).toContain("do not have the form of kills");
    expect(changed).toHaveBeenCalledTimes(1);
  } finally {
    end.abort();
    await server.stop();
  }
});

test("observations and reports reach the server under the instance's name", async () => {
  const server = await startFakeControlPlane();
  try {
    const store = createControlPlaneStore({
      client: createApiClient({ url: server.url, token: server.token }),
      instanceId: "i/1",
    });
    await store.send({ instanceId: "i/1", instanceBootId: "b", observations: [] });
    await store.report({ flagSetVersion: 3, killVersion: 4 });
    expect(server.batches).toEqual([{ instanceId: "i/1", instanceBootId: "b", observations: [] }]);
    expect(Object.fromEntries(server.reports)).toEqual({ "i/1": { flagSetVersion: 3, killVersion: 4 } });
  } finally {
    await server.stop();
  }
});
