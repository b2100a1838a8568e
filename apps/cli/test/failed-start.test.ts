/** Processes that cannot start: each says why once, with the exit code of whoever has to act, and leaves nothing running. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findControlPlane } from "@dimmer/api-client/find-control-plane";
import { expect, test } from "vitest";
import { useControlPlane } from "./control-plane.ts";
import { spawnDimmer } from "./run-dimmer.ts";
import { temporaryDirectory } from "./temporary-directory.ts";

const controlPlane = useControlPlane();

test.each([
  ["", "This must be an object."],
  ["[1]", "This must be an object."],
  ["routes: 5", "/routes: This must be an object."],
  [
    'providers: {x: {type: "nope"}}',
    "/providers/x/type: There is no provider of this type. Use one of: openai, simulated, recorded.",
  ],
])("a gateway whose configuration is '%s' names the file and the fault", async (text, fault) => {
  const file = join(temporaryDirectory(), "gateway.yaml");
  writeFileSync(file, text);
  const run = await spawnDimmer(["gateway", "--config", file, "--port", "0", "--dir", temporaryDirectory()], {});
  expect(run.stderr).toContain(`config_invalid: The gateway's configuration ${file} has faults.`);
  expect(run.stderr).toContain(fault);
  expect(run.exitCode).toBe(2);
});

test("a gateway that follows a control plane ends all the same when its port is taken", async () => {
  const env = { DIMMER_DIR: controlPlane.directory() };
  const { port } = new URL(findControlPlane(env)?.url ?? "");
  const run = await spawnDimmer(["gateway", "--port", port], env);
  expect(run.stderr).toContain(`config_invalid: The port ${port} on 127.0.0.1 is taken.`);
  expect(run.exitCode).toBe(2);
});

test("'dimmer up' in the folder of another server answers as that server's lock does", async () => {
  const args = ["up", "--dir", controlPlane.directory(), "--port", "0", "--gateway-port", "0", "--json"];
  const run = await spawnDimmer(args, {});
  expect(run.json).toMatchObject({ error: { code: "storage_locked" } });
  expect(run.stderr.match(/storage_locked/g)).toHaveLength(1);
  expect(run.exitCode).toBe(4);
});

test("'dimmer up' takes its control plane down again when the gateway cannot start", async () => {
  const directory = temporaryDirectory();
  const config = join(temporaryDirectory(), "gateway.yaml");
  writeFileSync(config, "routes: 5");
  const args = ["up", "--dir", directory, "--port", "0", "--gateway-port", "0", "--gateway-config", config];
  const run = await spawnDimmer([...args, "--json"], {});
  expect(run.json).toMatchObject({ error: { code: "config_invalid" } });
  expect(run.exitCode).toBe(2);
});
