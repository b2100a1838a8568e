// The vectors in this folder are data for evaluators in any language; here the engine runs them. The hashes and buckets
// were computed apart from it, with unlimited integers.
import { readFileSync } from "node:fs";
import { compile, evaluate } from "@dimmer/engine";
import { explain } from "@dimmer/engine/explain";
import { describe, expect, test } from "vitest";

interface Buckets {
  readonly flagKey: string;
  readonly vectors: readonly {
    readonly bucketing: string;
    readonly weights: readonly number[];
    readonly explicitKey?: true;
    readonly targetingKey: string;
    readonly bucket: number;
    readonly arm: number;
  }[];
}

interface Hashes {
  readonly vectors: readonly { readonly key: string; readonly hash: number }[];
}

interface Evaluations {
  readonly suites: readonly {
    readonly name: string;
    readonly bucketing?: string;
    readonly definitions: object;
    readonly cases: readonly Case[];
  }[];
}

interface Case {
  readonly flag: string;
  readonly context: Record<string, unknown>;
  readonly seconds?: number;
  readonly value?: unknown;
  readonly variant?: string;
  readonly reason: string;
  readonly errorCode?: string;
  readonly metadata?: object;
}

// The files are this folder's own; their types above are what they hold.
const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8")) as T;
const buckets = read<Buckets>("./buckets.json");
const hashes = read<Hashes>("./murmur3.json");
const evaluations = read<Evaluations>("./evaluations.json");

/** The split a targeting key lands in, through the engine's public explanation. */
function splitOf(
  flagKey: string,
  { bucketing, weights, targetingKey }: { bucketing: string; weights: readonly number[]; targetingKey: string },
  isExplicit: boolean,
): unknown {
  const names = weights.map((_, index) => `arm-${index}`);
  const pairs = names.map((name, index) => [name, weights[index]]);
  const result = compile({
    bucketing,
    flags: {
      [flagKey]: {
        state: "ENABLED",
        variants: Object.fromEntries(names.map((name) => [name, name])),
        targeting: { fractional: isExplicit ? [{ var: "targetingKey" }, ...pairs] : pairs },
      },
    },
  });
  if (!result.ok) throw new Error(JSON.stringify(result.faults));
  return explain(result.compiled, flagKey, { targetingKey }, 0).steps[0];
}

test.each(hashes.vectors)("murmur3 of '$key' is $hash", ({ key, hash }) => {
  // Under flagd-v2 the bucket is the hash's upper bits: of 2^31 - 1, all but the last one, give or take one.
  const step = splitOf("f", { bucketing: "flagd-v2", weights: [2_147_483_647], targetingKey: key }, true);
  expect(step).toMatchObject({ bucket: Number((BigInt(hash) * 2_147_483_647n) >> 32n) });
});

test.each(buckets.vectors)("$bucketing puts '$targetingKey' into arm $arm of $weights", (vector) => {
  const step = splitOf(buckets.flagKey, vector, vector.explicitKey === true);
  expect(step).toMatchObject({ kind: "split", bucket: vector.bucket, arm: vector.arm });
});

describe.each(evaluations.suites)("$name", ({ bucketing, definitions, cases }) => {
  describe.each(bucketing === undefined ? ["flagd-v2", "flagd-v1"] : [bucketing])("%s", (name) => {
    const result = compile({ bucketing: name, ...definitions });

    test.each(cases)("$flag $context → $variant $reason", (given) => {
      if (!result.ok) throw new Error(JSON.stringify(result.faults));
      const { flag, context, seconds = 0, metadata, ...expected } = given;
      const {
        value,
        variant,
        reason,
        errorCode,
        metadata: own,
      } = evaluate(result.compiled, flag, context, seconds * 1_000);
      expect({ value, variant, reason, errorCode }).toEqual({
        value: undefined,
        variant: undefined,
        errorCode: undefined,
        ...expected,
      });
      if (metadata !== undefined) expect(own).toEqual(metadata);
    });
  });
});
