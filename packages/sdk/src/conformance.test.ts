/** The language-neutral vectors, asked through an application's own Dimmer. */
import { readFileSync } from "node:fs";
import type { Bucketing, FlagDefinitions } from "@dimmer/spec";
import { createManualClock } from "@dimmer/api-client/testing";
import { createMemoryStore } from "@dimmer/stores/testing";
import { describe, expect, test } from "vitest";
import { createDimmer } from "./index.ts";

interface Suite {
  readonly name: string;
  readonly bucketing?: Bucketing;
  readonly definitions: FlagDefinitions;
  readonly cases: readonly {
    readonly flag: string;
    readonly context: Record<string, unknown>;
    readonly seconds?: number;
    readonly value?: unknown;
    readonly variant?: string;
    readonly reason: string;
  }[];
}

const file = new URL("../../../conformance/evaluations.json", import.meta.url);
// The repository's own file; the type above is what it holds.
const { suites } = JSON.parse(readFileSync(file, "utf8")) as { readonly suites: readonly Suite[] };

const bothBucketings: readonly Bucketing[] = ["flagd-v2", "flagd-v1"];

describe.each(
  suites.flatMap((suite) =>
    (suite.bucketing === undefined ? bothBucketings : [suite.bucketing]).map((bucketing) => ({
      ...suite,
      bucketing,
    })),
  ),
)("$name, $bucketing", ({ definitions, bucketing, cases }) => {
  test.each(cases)("$flag for $context at $seconds", async ({ flag, context, seconds = 0, value, variant, reason }) => {
    const store = createMemoryStore("memory", { ...definitions, bucketing });
    const dimmer = createDimmer({ stores: [store], clock: createManualClock(seconds * 1000) });
    await dimmer.ready();

    const answer = dimmer.evaluate(flag, context);
    expect({ value: answer.value, variant: answer.variant, reason: answer.reason }).toEqual({ value, variant, reason });
    await dimmer.close();
  });
});
