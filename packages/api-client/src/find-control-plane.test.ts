import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findControlPlane } from "@dimmer/api-client/find-control-plane";
import { afterEach, beforeEach, expect, test } from "vitest";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dimmer-find-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const leave = async (server: string, token = "local-token\n"): Promise<void> => {
  await writeFile(join(folder, "server.json"), server);
  await writeFile(join(folder, "admin-token"), token);
};

test("the environment names it", () => {
  const env = { DIMMER_URL: "https://example.test", DIMMER_TOKEN: "t", DIMMER_ENVIRONMENT: "eu", DIMMER_DIR: folder };
  expect(findControlPlane(env)).toEqual({ url: "https://example.test", token: "t", environment: "eu" });
});

test("else it is the one that runs out of the folder, with the token it left there", async () => {
  await leave('{"url":"http://127.0.0.1:7700","pid":1}');
  expect(findControlPlane({ DIMMER_DIR: folder })).toMatchObject({
    url: "http://127.0.0.1:7700",
    token: "local-token",
    environment: "default",
  });
  expect(findControlPlane({ DIMMER_DIR: folder, DIMMER_TOKEN: "mine" })?.token).toBe("mine");
});

test("the local token is not sent to an address of the environment", async () => {
  await leave('{"url":"http://127.0.0.1:7700"}');
  expect(findControlPlane({ DIMMER_DIR: folder, DIMMER_URL: "https://example.test" })?.token).toBeUndefined();
});

test.each(["", '{"url":', '{"url":7}', '{"url":"ftp://example.test"}', '{"url":"7700"}', "null"])(
  "a server file that says %j is as good as none",
  async (text) => {
    await leave(text);
    expect(findControlPlane({ DIMMER_DIR: folder })).toBeUndefined();
  },
);

test.each(["", "two words", "caf\u00e9", "\u0000"])("a token file that says %j is as good as none", async (text) => {
  await leave('{"url":"http://127.0.0.1:7700"}', text);
  expect(findControlPlane({ DIMMER_DIR: folder })).toBeUndefined();
});

test("an address that no token vouches for is as good as none", async () => {
  await writeFile(join(folder, "server.json"), '{"url":"http://127.0.0.1:7700"}');
  expect(findControlPlane({ DIMMER_DIR: folder, DIMMER_TOKEN: "mine" })).toBeUndefined();
});

test("without either there is none", () => {
  expect(findControlPlane({ DIMMER_DIR: folder })).toBeUndefined();
});
