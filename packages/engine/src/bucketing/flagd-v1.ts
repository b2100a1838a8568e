/**
 * flagd's bucketing before 0.15: the hash as a signed 32-bit integer, its magnitude over 2^31 - 1, as a percentage,
 * against the arms' percentages summed in floating point. Kept digit for digit for sets that were made for it; it can
 * fall off the end of the last arm, which then gives no variant.
 */
import type { BucketingRule } from "./bucketing-rule.ts";
import { textKeys } from "./text-keys.ts";

export const flagdV1: BucketingRule = {
  name: "flagd-v1",
  ...textKeys,
  bucket: (hashed) => (Math.abs(hashed) / 2_147_483_647) * 100,
  ends: (weights, totalWeight) => {
    let end = 0;
    return weights.map((weight) => (end += (100 * weight) / totalWeight));
  },
};
