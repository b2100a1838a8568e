/** `dimmer up`: two processes that one supervisor keeps alive, and that leave with it. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { temporaryDirectory } from "./temporary-directory.ts";

const main = fileURLToPath(new URL("../bin/dimmer.js", import.meta.url));

it("starts a killed control plane again in the same place, while the gateway goes on; SIGTERM ends all three", async () => {
  const directory = temporaryDirectory();
  const up = spawn(process.execPath, [main, "up", "--dir", directory], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void up.kill("SIGKILL"));
  const exited = new Promise<number | null>((resolve) => up.once("exit", resolve));
  const gatewayUrl = await readGatewayUrl(up.stdout);

  const before = readServer(directory);
  process.kill(before.pid, "SIGKILL");
  const refusal = await fetch(`${gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "chat", messages: [{ role: "user", content: "What is 17 * 23?" }] }),
  });
  expect(refusal.status).toBe(503);
  expect(await refusal.json()).toMatchObject({ error: { code: "egress_disabled" } });

  const after = await readServerUntil(directory, (server) => server.pid !== before.pid);
  expect(after.url).toBe(before.url);
  expect((await fetch(`${after.url}/healthz`)).status).toBe(200);

  up.kill("SIGTERM");
  expect(await exited).toBe(0);
  await expect(fetch(`${gatewayUrl}/healthz`)).rejects.toThrow("fetch failed");
  await expect(fetch(`${after.url}/healthz`)).rejects.toThrow("fetch failed");
});

it("Ctrl-C while it starts leaves nothing running, and nothing is started again", async () => {
  const directory = temporaryDirectory();
  // A group of its own, as a terminal gives one; Ctrl-C goes to all of it.
  const args = ["up", "--dir", directory, "--port", "0", "--gateway-port", "0"];
  const up = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "ignore", "pipe"], detached: true });
  onTestFinished(() => void up.kill("SIGKILL"));
  const exited = new Promise<number | null>((resolve) => up.once("exit", resolve));
  const said = text(up.stderr);
  const server = await readServerUntil(directory, () => true);

  process.kill(-(up.pid ?? 0), "SIGINT");
  expect(await exited).toBe(0);
  expect(await said).not.toContain("starting it again");
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow("fetch failed");
});

async function readGatewayUrl(stdout: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: stdout })) {
    const match = /gateway\s+(http:\S+)\/v1/.exec(line);
    if (match?.[1] !== undefined) return match[1];
  }
  throw new Error("'dimmer up' ended without saying where the gateway is.");
}

function readServer(directory: string): { pid: number; url: string } {
  // Written by the server a moment ago.
  return JSON.parse(readFileSync(`${directory}/server.json`, "utf8")) as { pid: number; url: string };
}

async function readServerUntil(
  directory: string,
  holds: (server: { pid: number; url: string }) => boolean,
): Promise<{ pid: number; url: string }> {
  for (;;) {
    try {
      const server = readServer(directory);
      if (holds(server)) return server;
    } catch {
      // Not written yet.
    }
    await wait(50);
  }
}
