import { readFileSync } from "node:fs";
import { join } from "node:path";
import { proveServer } from "@dimmer/api-client/server-proof";
import { expect, it } from "vitest";
import { startPlane, type TestPlane } from "../../test/start-plane.ts";

const nonce = "0123456789abcdef".repeat(4);
const ask = async (plane: TestPlane, text: string): Promise<Response> =>
  await fetch(`${plane.url}/proof?nonce=${text}`);

it("proves without a token that the server runs out of its folder, at the address the folder says", async () => {
  const plane = await startPlane();
  const read = (file: string): string => readFileSync(join(plane.directory, file), "utf8").trim();
  const { url } = JSON.parse(read("server.json")) as { url: string };
  expect(await (await ask(plane, nonce)).json()).toEqual({ proof: proveServer(read("admin-token"), url, nonce) });
});

it("proves another thing to another nonce, and in another folder", async () => {
  const [one, other] = await Promise.all([startPlane(), startPlane()]);
  const answers = [await ask(one, nonce), await ask(one, nonce.replace("0", "1")), await ask(other, nonce)];
  expect(new Set(await Promise.all(answers.map(async (answer) => await answer.text()))).size).toBe(3);
});

it.each(["", "short", "0".repeat(63), "0".repeat(65), "G".repeat(64)])("refuses the nonce '%s'", async (text) => {
  const answer = await ask(await startPlane(), text);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({ error: { code: "invalid_request" } });
});
