/**
 * How large a flag set may be. Generous for people, tight enough that no file can exhaust memory, overflow the stack
 * or make one evaluation run for seconds. What exceeds one of these is refused when the set is loaded, except the last
 * two, which depend on the context and end an evaluation with an error.
 */
export const limits = {
  /** Flags in one set. */
  flags: 20_000,
  /** Characters of a flag key, a variant name or an evaluator name. */
  nameLength: 512,
  /** How deep targeting and object values may nest, counted through `$ref`. */
  depth: 200,
  /** Values and operators in the targeting and the object variants of one set, every use of a `$ref` counted anew. */
  nodes: 2_000_000,
  /** The same for one flag. */
  nodesPerFlag: 250_000,
  /** Flags one flag may need, those that they need included. */
  prerequisites: 64,
  /** Sum of the weights of one split: flagd's limit, a signed 32-bit integer. */
  totalWeight: 2_147_483_647,
  /** List elements one evaluation may visit or copy in `map`, `filter`, `reduce`, `all`, `some`, `none` and `merge`. */
  elementsPerEvaluation: 100_000,
  /** Characters `cat` may build. */
  textLength: 65_536,
} as const;
