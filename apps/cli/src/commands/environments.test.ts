import { expect, test } from "vitest";
import { useControlPlane } from "../../test/control-plane.ts";
import { runDimmer } from "../../test/run-dimmer.ts";

const { open } = useControlPlane();

test("an environment that was created is listed, and stands in the dark with the catalogue's flags", async () => {
  const { client, env, act } = await open();
  expect(await act("environments", "create", "staging")).toMatchObject({ name: "staging" });
  const { stdout } = await runDimmer(["environments", "list"], env);
  expect(stdout).toMatch(/^staging +version \d+ +since \d{4}-\d\d-\d\d$/m);
  expect(await act("environments", "list")).toEqual(await client.listEnvironments());
  expect(await act("stage", "--environment", "staging")).toMatchObject({ current: "dark" });
  expect(await act("flags", "get", "ai.egress.enabled", "--environment", "staging")).toMatchObject({ value: false });
});

test("who creates one is told what comes next, and that it stays", async () => {
  const { env } = await open();
  const { stdout } = await runDimmer(["environments", "create", "preview"], env);
  expect(stdout).toContain("created preview: flags as in the catalogue, stage dark, version ");
  expect(stdout).toContain("no undo");
  expect(stdout).toContain("dimmer stage --environment preview");
});

test("one that exists is refused, and stays as it is", async () => {
  const { client, environment, env } = await open();
  const before = await client.listEnvironments();
  const run = await runDimmer(["environments", "create", environment, "--json"], env);
  expect(run.exitCode).toBe(4);
  expect(run.json).toMatchObject({ error: { code: "environment_exists" } });
  expect(await client.listEnvironments()).toEqual(before);
});

test("a command about one that does not exist names the command that makes it", async () => {
  const { env } = await open();
  const run = await runDimmer(["status", "--environment", "mars", "--json"], env);
  expect(run.exitCode).toBe(2);
  expect(run.json).toMatchObject({
    error: { code: "environment_not_found", fix: expect.stringContaining("dimmer environments create") },
  });
});

test("a token that may not is refused, and nothing is created", async () => {
  const { client, env } = await open();
  const { secret } = await client.createToken({ body: { name: "reader", scopes: ["read"] } });
  const run = await runDimmer(["environments", "create", "venus", "--token", secret, "--json"], env);
  expect(run.exitCode).toBe(3);
  expect(run.json).toMatchObject({
    error: { code: "forbidden", fix: expect.stringContaining("dimmer tokens create --scope") },
  });
  expect((await client.listEnvironments()).map(({ name }) => name)).not.toContain("venus");
});
