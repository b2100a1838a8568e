/** The language-neutral vectors of `conformance/`, and definitions served without a control plane around them. */
import { readFileSync } from "node:fs";
import { compile } from "@dimmer/engine";
import type { FlagSet } from "@dimmer/spec";
import { createFakeClock, type FakeClock } from "../src/clock.fake.ts";
import { ServedFlags } from "../src/flags/served-flags.ts";
import { silentLog } from "../src/log.ts";

export interface VectorCase {
  readonly flag: string;
  readonly context: Record<string, unknown>;
  /** Unix time. */
  readonly seconds?: number;
  readonly value?: unknown;
  readonly variant?: string;
  readonly reason: string;
  readonly errorCode?: string;
  readonly metadata?: object;
}

/** One suite under one bucketing. */
export interface VectorSuite {
  readonly name: string;
  readonly bucketing: string;
  readonly definitions: object;
  readonly cases: readonly VectorCase[];
}

interface VectorFile {
  readonly suites: readonly (Omit<VectorSuite, "bucketing"> & { readonly bucketing?: string })[];
}

/** Every suite of evaluations.json, under each bucketing it holds for. */
export function readVectorSuites(): readonly VectorSuite[] {
  const url = new URL("../../../conformance/evaluations.json", import.meta.url);
  // The repository's own file; the type above is what it holds.
  const { suites } = JSON.parse(readFileSync(url, "utf8")) as VectorFile;
  return suites.flatMap((suite) =>
    (suite.bucketing === undefined ? ["flagd-v2", "flagd-v1"] : [suite.bucketing]).map((bucketing) => ({
      ...suite,
      bucketing,
    })),
  );
}

/** Serves definitions as the environment `default`, at the time of a clock that stands at `seconds`. */
export function serveDefinitions(
  definitions: object,
  seconds = 0,
): { readonly served: ServedFlags; readonly clock: FakeClock } {
  const input = { environment: "default", setId: "set", version: 1, hash: "", ...definitions };
  const result = compile(input);
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  // Just compiled.
  const state = { flagSet: input as unknown as FlagSet, compiled: result.compiled };
  const served = new ServedFlags({
    flagSet: () => state,
    kills: () => ({ killVersion: 1, killSet: { kills: [], revives: [] }, active: [] }),
    killedFlags: () => new Set(),
    log: silentLog,
  });
  return { served, clock: createFakeClock(seconds * 1000) };
}
