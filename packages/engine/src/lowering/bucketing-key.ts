import type { Json } from "./json.ts";

/** The key a flag buckets by of its own accord, written out; null, which buckets nobody, without a targeting key. */
export function bucketingKey(flagKey: string): Json {
  const targetingKey = { var: "targetingKey" };
  return { if: [targetingKey, { cat: [flagKey, targetingKey] }, null] };
}
