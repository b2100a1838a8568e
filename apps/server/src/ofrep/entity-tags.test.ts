import { expect, test } from "vitest";
import { putFlags } from "../../test/put-flags.ts";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";
import { createFakeClock } from "../clock.fake.ts";

const flag = {
  state: "ENABLED" as const,
  variants: { on: true, off: false },
  defaultVariant: "on",
  safeVariant: "off",
};

async function askAll(
  plane: TestPlane,
  tag?: string,
  { context = {}, environment = "default" }: { readonly context?: object; readonly environment?: string } = {},
): Promise<{ readonly status: number; readonly tag: string; readonly text: string }> {
  const response = await fetch(`${plane.url}/ofrep/v1/evaluate/flags`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${plane.adminToken}`,
      "content-type": "application/json",
      "x-dimmer-environment": environment,
      ...(tag === undefined ? {} : { "if-none-match": tag }),
    },
    body: JSON.stringify({ context }),
  });
  return { status: response.status, tag: response.headers.get("etag") ?? "", text: await response.text() };
}

test("a client that has the answer is spared it", async () => {
  const plane = await startPlane();
  const { status, tag } = await askAll(plane);
  expect(status).toBe(200);
  expect(tag).toMatch(/^"[^"]+"$/);
  expect(await askAll(plane, tag)).toEqual({ status: 304, tag, text: "" });
  expect((await askAll(plane, `"other", W/${tag}`)).status).toBe(304);
});

test("a tag of another state, another question or another environment spares nothing", async () => {
  const plane = await startPlane();
  await plane.call("createEnvironment", { body: { name: "staging" } });
  const { tag } = await askAll(plane);
  expect((await askAll(plane, '"other"')).status).toBe(200);
  expect((await askAll(plane, "*")).status).toBe(200);
  expect((await askAll(plane, tag, { context: { plan: "pro" } })).status).toBe(200);
  expect((await askAll(plane, tag, { environment: "staging" })).status).toBe(200);
});

test("after a change of the set the answer is sent again", async () => {
  const plane = await startPlane();
  const { tag } = await askAll(plane);
  await putFlags(plane, { checkout: flag });
  expect((await askAll(plane, tag)).status).toBe(200);
});

test("no tag gets past a kill, its end, or a restart", async () => {
  const clock = createFakeClock();
  const plane = await startPlane({ clock });
  await putFlags(plane, { checkout: flag });
  const before = await askAll(plane);
  const expiresAt = new Date(clock.nowMs() + 60_000).toISOString();
  await plane.call("addKill", { body: { scope: "flag", target: "checkout", reason: "", expiresAt } });
  const killed = await askAll(plane, before.tag);
  expect(killed.status).toBe(200);
  expect(killed.text).toContain("KILLED");
  expect((await askAll(plane, killed.tag)).status).toBe(304);
  clock.advance(60_000);
  expect((await askAll(plane, killed.tag)).status).toBe(200);
  expect((await askAll(plane, before.tag)).status).toBe(200);
  const { tag } = await askAll(plane);
  await plane.close();
  const restarted = await startPlane({ directory: plane.directory, clock });
  expect((await askAll(restarted, tag)).status).toBe(200);
});

test("a ramp that climbs is answered anew, one that rests is not", async () => {
  const clock = createFakeClock(Date.UTC(2026, 2, 1));
  const plane = await startPlane({ clock });
  const strategy = { type: "progressive" as const, start: "2026-03-01T01:00:00Z", end: "2026-03-21T01:00:00Z" };
  await putFlags(plane, { ramp: { ...flag, defaultVariant: "off", strategy } });
  const { tag } = await askAll(plane);
  clock.advance(30 * 60_000);
  expect((await askAll(plane, tag)).status).toBe(304);
  clock.advance(45 * 60_000);
  const climbing = await askAll(plane, tag);
  expect(climbing.status).toBe(200);
  clock.advance(5000);
  expect((await askAll(plane, climbing.tag)).status).toBe(304);
  clock.advance(15_000);
  expect((await askAll(plane, climbing.tag)).status).toBe(200);
});
