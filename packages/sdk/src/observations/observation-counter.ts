/**
 * Counts what happened to requests, by flag, flag-set version and variant, between two sendings. Memory is bounded:
 * requests beyond the bound are counted as dropped, never forgotten silently.
 */
import type { Observation } from "@dimmer/spec";
import { latencyBucket, latencyEdgesMs } from "@dimmer/spec/latency-buckets";
import type { ObservationInput } from "../dimmer.ts";

/** Combinations of flag, version and variant that are kept apart between two sendings; a batch holds as many at most. */
export const maxGroups = 10_000;

interface Group {
  readonly flag: string;
  readonly setVersion: number;
  readonly variant: string;
  requests: number;
  errors: number;
  readonly latency: number[];
  inputTokens: number;
  outputTokens: number;
  costMicroUsd: number;
}

export class ObservationCounter {
  /** By flag, then variant, then version: three lookups that allocate nothing. */
  #groups = new Map<string, Map<string, Map<number, Group>>>();
  #size = 0;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** Counts one request; false when there is no room for another combination. */
  count(input: ObservationInput, setVersion: number): boolean {
    const group = this.#group(input.flag, input.variant, setVersion);
    if (group === undefined) return false;
    const bucket = latencyBucket(wholeNumber(input.latencyMs));
    group.requests += 1;
    if (input.isError) group.errors += 1;
    group.latency[bucket] = (group.latency[bucket] ?? 0) + 1;
    group.inputTokens += wholeNumber(input.inputTokens);
    group.outputTokens += wholeNumber(input.outputTokens);
    group.costMicroUsd += wholeNumber(input.costMicroUsd);
    return true;
  }

  /** Everything counted since the last time, numbered from `firstSequence` up. */
  drain(firstSequence: number): Observation[] {
    const groups = [...this.#groups.values()].flatMap((byVariant) =>
      [...byVariant.values()].flatMap((byVersion) => [...byVersion.values()]),
    );
    this.#groups = new Map();
    this.#size = 0;
    return groups.map((group, index) => ({ ...group, sequence: firstSequence + index }));
  }

  #group(flag: string, variant: string, setVersion: number): Group | undefined {
    const found = this.#groups.get(flag)?.get(variant)?.get(setVersion);
    if (found !== undefined) return found;
    if (this.#size >= maxGroups) return undefined;
    const byVariant = this.#groups.get(flag) ?? new Map<string, Map<number, Group>>();
    const byVersion = byVariant.get(variant) ?? new Map<number, Group>();
    const latency = Array.from({ length: latencyEdgesMs.length + 1 }, () => 0);
    const group = {
      flag,
      setVersion,
      variant,
      requests: 0,
      errors: 0,
      latency,
      inputTokens: 0,
      outputTokens: 0,
      costMicroUsd: 0,
    };
    this.#groups.set(flag, byVariant.set(variant, byVersion.set(setVersion, group)));
    this.#size += 1;
    return group;
  }
}

/** What callers measure may be anything; one number that is none must not spoil a batch. */
function wholeNumber(value: number | undefined): number {
  return value !== undefined && value > 0 && value <= Number.MAX_SAFE_INTEGER ? Math.round(value) : 0;
}
