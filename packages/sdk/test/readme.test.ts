import { dirname } from "node:path";
import { runReadme, startFakeControlPlane } from "@dimmer/api-client/testing";
import { expect, test } from "vitest";

test("the examples of the README do what they say", async () => {
  const server = await startFakeControlPlane();
  try {
    const examples = await runReadme(dirname(import.meta.dirname), {
      DIMMER_URL: server.url,
      DIMMER_TOKEN: server.token,
    });
    expect(examples.length).toBeGreaterThan(0);
    for (const { promised, printed, errors } of examples)
      expect({ printed, errors }).toEqual({ printed: promised, errors: "" });
  } finally {
    await server.stop();
  }
});
