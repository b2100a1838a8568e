/** Any flagd as a store. Needs the optional peers @connectrpc/connect, @connectrpc/connect-node and @bufbuild/protobuf. */
export { createFlagdStore } from "./flagd-store.ts";
export type { FlagdStoreOptions } from "./flagd-store.ts";
