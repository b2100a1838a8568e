/** A Dimmer for one test: its own flags, its own clock, nothing outside. */
import { AssertionError } from "node:assert";
import { isDeepStrictEqual } from "node:util";
import { findContext } from "@dimmer/engine/testing";
import type { FindContextOptions } from "@dimmer/engine/testing";
import type { EvaluationContext } from "@dimmer/engine";
import type { FlagDefinitions, FlagValue } from "@dimmer/spec";
import { createDimmer } from "../create-dimmer.ts";
import type { Dimmer, DimmerOptions } from "../dimmer.ts";
import { createTestClock } from "./test-clock.ts";
import type { TestClock } from "./test-clock.ts";
import { TestFlags } from "./test-flags.ts";

/** What a test may choose besides the flags: when it plays, who asks, and who hears what was observed. */
export interface TestDimmerOptions extends Pick<DimmerOptions, "currentContext" | "observations"> {
  /** What the clock says at first. @defaultValue 2026-01-01T00:00:00Z */
  readonly now?: Date;
}

/** A Dimmer whose flags a test can fix, and that says what was asked of it. Ready at once; need not be closed. */
export interface TestDimmer extends Dimmer {
  readonly clock: TestClock;
  /**
   * Serves everyone this variant, whatever the flag's rules and prerequisites say; flags that need it see it, and a kill
   * still beats it. Throws DimmerError `flag_not_found`, and `flag_type_mismatch` for a variant the flag does not have.
   */
  force(flag: string, variant: string): void;
  /** As `force`, by value; one that no variant has is served all the same. Throws `flag_set_invalid` for one of another type. */
  forceValue(flag: string, value: FlagValue): void;
  /** The flag's own rules count again; without a flag, those of all. */
  release(flag?: string): void;
  /**
   * Somebody who gets this variant now, kills aside: a context with a targeting key, or with what the flag is sticky by.
   * Throws AssertionError when none of the candidates does.
   */
  findContext(flag: string, variant: string, options?: Omit<FindContextOptions, "nowMs">): EvaluationContext;
  /** How often each variant of the flag was handed out. */
  exposuresOf(flag: string): Readonly<Record<string, number>>;
  /** Throws AssertionError unless the flag was handed out exactly so; `{}` means not at all. */
  assertExposures(flag: string, expected: Readonly<Record<string, number>>): void;
}

/**
 * Makes one that serves these definitions, of a flag file or of `defineFlags`. Throws DimmerError `flag_set_invalid`
 * for definitions with faults.
 *
 * @example
 * const dimmer = createTestDimmer(flags.definitions);
 * dimmer.force("ai.mode", "on");
 * answer(flags.bind(dimmer), question);
 * dimmer.assertExposures("ai.mode", { on: 1 });
 */
export function createTestDimmer(definitions: FlagDefinitions, options: TestDimmerOptions = {}): TestDimmer {
  const { now = new Date("2026-01-01T00:00:00Z"), ...rest } = options;
  const clock = createTestClock(now);
  const flags = new TestFlags(definitions);
  let ids = 0;
  const dimmer = createDimmer({
    ...rest,
    stores: [flags.store],
    countExposures: true,
    // What lives in memory is never stale; this is as close to never as a timer gets.
    maxStalenessMs: 2 ** 31 - 1,
    refreshIntervalMs: 2 ** 31 - 1,
    clock,
    ids: () => `test-${(ids += 1)}`,
  });
  const exposuresOf = (flag: string): Readonly<Record<string, number>> =>
    Object.fromEntries(
      dimmer
        .exposures()
        .filter((exposure) => exposure.flag === flag)
        .map(({ variant, count }) => [variant, count]),
    );
  return Object.assign(dimmer, {
    clock,
    force: (flag: string, variant: string) => flags.force(flag, variant),
    forceValue: (flag: string, value: FlagValue) => flags.forceValue(flag, value),
    release: (flag?: string) => flags.release(flag),
    findContext: (flag: string, variant: string, find: Omit<FindContextOptions, "nowMs"> = {}) => {
      const found = findContext(flags.compiled, flag, variant, { ...find, nowMs: clock.nowMs() });
      if (found !== undefined) return found;
      const message = `None of ${find.attempts ?? 100_000} contexts gets the variant '${variant}' of '${flag}' now.`;
      throw new AssertionError({ message, expected: variant, operator: "findContext" });
    },
    exposuresOf,
    assertExposures: (flag: string, expected: Readonly<Record<string, number>>) => {
      const actual = exposuresOf(flag);
      if (isDeepStrictEqual(actual, { ...expected })) return;
      const message = `The flag '${flag}' was handed out as ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}.`;
      throw new AssertionError({ message, actual, expected, operator: "assertExposures" });
    },
  });
}
