/** The whole product at once: the demo's story, played by the real command with real processes. */
import { expect, it } from "vitest";
import { storySteps } from "../src/demo/story.ts";
import { spawnDimmer } from "./run-dimmer.ts";

it("comes out as told, and says so as one JSON document", async () => {
  const run = await spawnDimmer(["up", "--demo", "--once", "--json"], process.env);

  expect(run.json, run.stderr).toMatchObject({
    ok: true,
    steps: storySteps.map((name) => ({ name, ok: true })),
    requests: { wronglyRefused: 0, wronglyAdmitted: 0 },
  });
  expect(run.exitCode).toBe(0);
});
