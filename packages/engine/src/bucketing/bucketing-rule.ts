/**
 * How a key becomes a place in a split. Each published way is one value of this interface, is chosen by the flag set
 * that carries its name, and is never changed again: an upgrade of the engine can move nobody. A new way (flagd's v3
 * hashes CBOR instead of text) is a new file here and a new name in the flag set.
 */
import type { Bucketing } from "@dimmer/spec";
import { flagdV1 } from "./flagd-v1.ts";
import { flagdV2 } from "./flagd-v2.ts";

/** Gives the hash of a key's variable part, a signed 32-bit integer. */
export type KeyHash = (text: string) => number;

export interface BucketingRule {
  readonly name: Bucketing;
  /** How keys that a rule names itself are hashed: as they are. */
  readonly hashKey: KeyHash;
  /** How keys are hashed that stand after the flag's own key, which keeps flags independent of each other. */
  readonly hashKeyOf: (flagKey: string) => KeyHash;
  /** The place of a hash in a split of `totalWeight`, in the rule's own unit. */
  readonly bucket: (hash: number, totalWeight: number) => number;
  /** Where each arm ends, in the same unit: a bucket belongs to the first arm whose end lies above it. */
  readonly ends: (weights: readonly number[], totalWeight: number) => readonly number[];
}

const rules: Readonly<Record<Bucketing, BucketingRule>> = { "flagd-v1": flagdV1, "flagd-v2": flagdV2 };

export function bucketingRule(name: Bucketing): BucketingRule {
  return rules[name];
}

/** The names `bucketing` may have. */
export const bucketingNames: readonly Bucketing[] = ["flagd-v2", "flagd-v1"];
