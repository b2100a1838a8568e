import { DimmerError } from "@dimmer/spec/errors";
import type { EnvironmentStatus } from "@dimmer/spec";
import { expect, test } from "vitest";
import { watchStatus } from "./watch-status.ts";

const status: EnvironmentStatus = {
  environment: "default",
  version: 1,
  killVersion: 1,
  isReadOnly: false,
  isStorageWritable: true,
  stage: { current: "dark", enteredAt: "2026-01-01T00:00:00Z", enteredBy: "admin", drift: [] },
  activeKills: [],
  rollouts: [],
  replicas: [],
};
const down = new DimmerError("server_unreachable", "It did not answer.");

/** Watches through the given answers, then stops. */
async function watch(
  answers: readonly (EnvironmentStatus | Error)[],
  rows = 24,
): Promise<{ drawn: string[][]; ended: boolean }> {
  const drawn: string[][] = [];
  const stop = new AbortController();
  let ended = false;
  let at = 0;
  const watched = watchStatus({
    read: async () => {
      const answer = answers[at++];
      if (at >= answers.length) stop.abort();
      if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no answer is left");
      return answer;
    },
    draw: (state) => `version ${state.version}\nline 2\nline 3`,
    region: { print: () => undefined, draw: (lines) => drawn.push([...lines]), end: () => (ended = true) },
    rows: () => rows,
    wait: () => Promise.resolve(),
    signal: stop.signal,
  });
  await watched.catch((error: unknown) => {
    if (!ended) throw error;
    drawn.push([String(error)]);
  });
  return { drawn, ended };
}

test("the picture is drawn again as it changes, until it is stopped", async () => {
  const { drawn, ended } = await watch([status, { ...status, version: 2 }]);
  expect(drawn.map(([first]) => first)).toEqual(["version 1", "version 2"]);
  expect(ended).toBe(true);
});

test("a control plane that stops answering leaves the last picture, and says so", async () => {
  const { drawn } = await watch([status, down]);
  expect(drawn[1]).toEqual(["It did not answer. Below is what it said last.", "", "version 1", "line 2", "line 3"]);
});

test("one that never answered ends the watch", async () => {
  expect((await watch([down])).drawn).toEqual([[expect.stringContaining("It did not answer.")]]);
});

test("a refusal ends the watch, and the cursor is given back", async () => {
  const { drawn, ended } = await watch([status, new DimmerError("unauthenticated")]);
  expect(drawn[1]).toEqual([expect.stringContaining("No token")]);
  expect(ended).toBe(true);
});

test("a picture larger than the terminal is cut", async () => {
  expect((await watch([status], 3)).drawn).toEqual([["version 1", "line 2"]]);
});
