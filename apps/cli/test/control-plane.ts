/** A real control plane for the tests of one file; each test takes an environment of its own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createApiClient, type ApiClient } from "@dimmer/api-client";
import { createControlPlane, type ControlPlane } from "@dimmer/server";
import type { StageName } from "@dimmer/spec";
import { afterAll, beforeAll } from "vitest";
import { runDimmer, type Document, type Env } from "./run-dimmer.ts";

/** What a test works with. */
export interface Workplace {
  readonly environment: string;
  /** Environment variables that lead `dimmer` there. */
  readonly env: Env;
  readonly client: ApiClient;
  readonly params: { readonly environment: string };
  /** Runs `dimmer <args> --json`, and fails unless it exits with 0. */
  readonly act: (...args: string[]) => Promise<Document>;
}

/** Starts a control plane before the tests of the calling file and stops it after them. Each `open` is a new environment, in `dark` unless told otherwise. */
export function useControlPlane(): {
  readonly open: (stage?: StageName) => Promise<Workplace>;
  readonly directory: () => string;
} {
  let controlPlane: ControlPlane | undefined;
  let directory = "";
  let opened = 0;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "dimmer-cli-"));
    controlPlane = await createControlPlane({ directory, port: 0 });
  });
  afterAll(async () => {
    await controlPlane?.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const open = async (stage: StageName = "dark"): Promise<Workplace> => {
    if (controlPlane === undefined) throw new Error("The control plane has not started.");
    opened += 1;
    const environment = `test-${opened}`;
    const client = createApiClient({ url: controlPlane.url, token: controlPlane.adminToken });
    await client.createEnvironment({ body: { name: environment } });
    if (stage !== "dark") await client.enterStage({ params: { environment }, body: { stage, force: true } });
    const env = { DIMMER_DIR: directory, DIMMER_ENVIRONMENT: environment };
    const act = async (...args: string[]): Promise<Document> => {
      const run = await runDimmer([...args, "--json"], env);
      if (run.exitCode !== 0) throw new Error(`dimmer ${args.join(" ")} ended with ${run.exitCode}: ${run.stderr}`);
      return run.json;
    };
    return { environment, env, client, params: { environment }, act };
  };
  return { open, directory: () => directory };
}
