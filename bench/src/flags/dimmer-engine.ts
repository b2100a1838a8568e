/** Dimmer's engine alone: what `evaluate` costs without an SDK around it. */
import { compile, evaluate, evaluateAll } from "@dimmer/engine";
import type { Evaluation, EvaluationContext } from "@dimmer/engine";
import type { Candidate, LoadedFlags } from "./candidate.ts";
import { evaluationContext, percentageRollout, writeDefinitions } from "./flagd-definitions.ts";

export const candidate: Candidate = {
  name: "dimmer engine",
  package: "@dimmer/engine",
  isAsync: false,
  remark: "the bare function, as a library uses it; the SDK is the product",
  write: (flags) => JSON.stringify(writeDefinitions(flags, percentageRollout)),
  load({ text }) {
    const result = compile(JSON.parse(text));
    if (!result.ok) throw new Error(`The flag set does not compile: ${JSON.stringify(result.faults[0])}`);
    const { compiled } = result;
    const loaded: LoadedFlags<EvaluationContext, readonly Evaluation[]> = {
      context: evaluationContext,
      boolean: (key, context) => evaluate(compiled, key, context, 0).value === true,
      string: (key, context) => {
        const { value } = evaluate(compiled, key, context, 0);
        return typeof value === "string" ? value : "";
      },
      all: (_flags, context) => evaluateAll(compiled, context, 0),
      answerOf: (all, key) => all.find(({ flagKey }) => flagKey === key)?.value,
      close: () => undefined,
    };
    return loaded;
  },
};
