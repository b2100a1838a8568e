import { describeKillStore, describeStoreReader, describeStoreWriter } from "@dimmer/stores/contract";
import type { KillHarness, WriterHarness } from "@dimmer/stores/contract";
import { createMemoryStore } from "./memory-store.ts";

const create = async (): Promise<WriterHarness & KillHarness> => {
  const store = createMemoryStore();
  return {
    store,
    other: store,
    put: (definitions) => store.put(definitions),
    breakDown: () => store.breakDown(),
    repair: () => store.repair(),
    dispose: () => undefined,
  };
};

describeStoreReader("a store in memory", create);
describeStoreWriter("a store in memory", create);
describeKillStore("a store in memory", create);
