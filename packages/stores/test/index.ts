/** For tests of everything that stands on stores: one in memory. */
export { createMemoryStore } from "./memory-store.ts";
export type { MemoryStore } from "./memory-store.ts";
