/** Arms with weights, and which of them a hash falls into. */
import { limits } from "../limits.ts";
import type { BucketingRule } from "./bucketing-rule.ts";

export class Split {
  readonly #rule: BucketingRule;
  readonly totalWeight: number;
  /** Where each arm ends, in the unit of `bucketOf`; an arm begins where the one before it ends, the first at 0. */
  readonly ends: readonly number[];

  constructor(rule: BucketingRule, weights: readonly number[], totalWeight: number) {
    this.#rule = rule;
    this.totalWeight = totalWeight;
    this.ends = rule.ends(weights, totalWeight);
  }

  bucketOf(hash: number): number {
    return this.#rule.bucket(hash, this.totalWeight);
  }

  /** Index of the arm; -1 when the bucket lies past the last one, which only flagd-v1 can bring about. */
  armOf(hash: number): number {
    const bucket = this.bucketOf(hash);
    const { ends } = this;
    for (let arm = 0; arm < ends.length; arm += 1) {
      if (bucket < (ends[arm] ?? 0)) return arm;
    }
    return -1;
  }
}

/**
 * A split by weight; negative weights count as zero. Null when a weight is no integer, all are zero, or they add up to
 * more than flagd allows.
 */
export function splitOf(rule: BucketingRule, weights: readonly unknown[]): Split | null {
  if (!weights.every((weight) => typeof weight === "number" && Number.isInteger(weight))) return null;
  const counts = weights.map((weight) => Math.max(0, Number(weight)));
  const totalWeight = counts.reduce((sum, weight) => sum + weight, 0);
  if (totalWeight === 0 || totalWeight > limits.totalWeight) return null;
  return new Split(rule, counts, totalWeight);
}
