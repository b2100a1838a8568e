/** Dimmer's SDK, as applications call it, over a store that holds one flag set in memory. */
import type { Evaluation, EvaluationContext } from "@dimmer/engine";
import { createDimmer } from "@dimmer/sdk";
import type { StoreReader } from "@dimmer/stores";
import type { Candidate, LoadedFlags } from "./candidate.ts";
import { evaluationContext, percentageRollout, writeDefinitions } from "./flagd-definitions.ts";

export const candidate: Candidate = {
  name: "dimmer",
  package: "@dimmer/sdk",
  isAsync: false,
  write: (flags) => JSON.stringify({ ...envelope, ...writeDefinitions(flags, percentageRollout) }),
  async load({ text }) {
    const dimmer = createDimmer({ stores: [memoryStore(text)] });
    const { isReady, faults } = await dimmer.ready();
    if (!isReady) throw new Error(`Dimmer is not ready: ${JSON.stringify(faults)}`);
    const loaded: LoadedFlags<EvaluationContext, readonly Evaluation[]> = {
      context: evaluationContext,
      boolean: (key, context) => dimmer.boolean(key, false, context),
      string: (key, context) => dimmer.string(key, "", context),
      all: (_flags, context) => dimmer.all(context),
      answerOf: (all, key) => all.find(({ flagKey }) => flagKey === key)?.value,
      close: () => dimmer.close(),
    };
    return loaded;
  },
};

/** What the control plane sends around the flags. */
const envelope = {
  environment: "default",
  setId: "bench",
  version: 1_024,
  hash: "0".repeat(64),
  bucketing: "flagd-v2",
};

function memoryStore(text: string): StoreReader {
  const read = (): { document: unknown; origin: string } => ({ document: JSON.parse(text), origin: "memory" });
  return {
    name: "memory",
    read: () => Promise.resolve(read()),
    follow: (listener) => queueMicrotask(() => listener.changed(read())),
  };
}
