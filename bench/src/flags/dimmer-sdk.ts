/** Dimmer's SDK, as applications call it, over a store that holds one flag set in memory. */
import type { EvaluationContext } from "@dimmer/engine";
import { createDimmer } from "@dimmer/sdk";
import type { StoreReader } from "@dimmer/stores";
import { answerAt, askEach } from "./ask-each.ts";
import type { Candidate, LoadedFlags } from "./candidate.ts";
import { evaluationContext, percentageRollout, writeDefinitions } from "./flagd-definitions.ts";

export const candidate: Candidate = {
  name: "dimmer",
  package: "@dimmer/sdk",
  isAsync: false,
  write: (flags) => writeDefinitions(flags, percentageRollout),
  async load({ text }) {
    const dimmer = createDimmer({ stores: [memoryStore(text)] });
    const { isReady, faults } = await dimmer.ready();
    if (!isReady) throw new Error(`Dimmer is not ready: ${JSON.stringify(faults)}`);
    const loaded: LoadedFlags<EvaluationContext> = {
      context: evaluationContext,
      boolean: (key, context) => dimmer.boolean(key, false, context),
      string: (key, context) => dimmer.string(key, "", context),
      all: (flags, context) => askEach(loaded, flags, context),
      answerOf: answerAt,
      close: () => dimmer.close(),
    };
    return loaded;
  },
};

function memoryStore(text: string): StoreReader {
  const read = (): { document: unknown; origin: string } => ({ document: JSON.parse(text), origin: "memory" });
  return {
    name: "memory",
    read: () => Promise.resolve(read()),
    follow: (listener) => queueMicrotask(() => listener.changed(read())),
  };
}
