/**
 * flagd's bucketing since 0.15 (open-feature/flagd#1909): the hash as an unsigned 32-bit integer h falls into bucket
 * (h × total) >> 32 of `total`. The product can need 63 bits, so it is taken in two halves of h, each exact in a
 * double: no BigInt, no rounding.
 */
import type { BucketingRule } from "./bucketing-rule.ts";
import { textKeys } from "./text-keys.ts";

export const flagdV2: BucketingRule = {
  name: "flagd-v2",
  ...textKeys,
  bucket: (hashed, totalWeight) => {
    const low = Math.floor(((hashed & 0xffff) * totalWeight) / 65_536);
    return Math.floor(((hashed >>> 16) * totalWeight + low) / 65_536) | 0;
  },
  ends: (weights) => {
    let end = 0;
    return weights.map((weight) => (end += weight));
  },
};
