/**
 * How flagd hashes keys up to its second bucketing: as UTF-8 text. A key that a rule names is hashed as it is; the targeting
 * key, where no rule names one, after the flag's own key.
 */
import type { BucketingRule } from "./bucketing-rule.ts";
import { emptyPrefix, hash, hashPrefix } from "./murmur3.ts";

export const textKeys: Pick<BucketingRule, "hashKey" | "hashKeyOf"> = {
  hashKey: (text) => hash(emptyPrefix, text),
  hashKeyOf: (flagKey) => {
    const prefix = hashPrefix(flagKey);
    return (text) => hash(prefix, text);
  },
};
