/** How flagd hashes keys up to its second bucketing: as text, the flag's own key written before what is not named by a rule. */
import type { BucketingRule } from "./bucketing-rule.ts";
import { emptyPrefix, hash, hashPrefix } from "./murmur3.ts";

export const textKeys: Pick<BucketingRule, "hashKey" | "hashKeyOf"> = {
  hashKey: (text) => hash(emptyPrefix, text),
  hashKeyOf: (flagKey) => {
    const prefix = hashPrefix(flagKey);
    return (text) => hash(prefix, text);
  },
};
