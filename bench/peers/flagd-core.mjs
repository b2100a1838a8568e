/** flagd's in-process engine. */
import { FlagdCore } from "@openfeature/flagd-core";
import { evaluationContext, fractionalRollout, writeDefinitions } from "../src/flags/flagd-definitions.ts";

const quiet = { error() {}, warn() {}, info() {}, debug() {} };

/** @type {import("../src/flags/candidate.ts").Candidate} */
export const candidate = {
  name: "flagd-core",
  package: "@openfeature/flagd-core",
  isAsync: false,
  write: (flags) => JSON.stringify(writeDefinitions(flags, fractionalRollout)),
  load({ text }) {
    const core = new FlagdCore(undefined, quiet);
    core.setConfigurations(text);
    return {
      context: evaluationContext,
      boolean: (key, context) => core.resolveBooleanEvaluation(key, false, context).value,
      string: (key, context) => core.resolveStringEvaluation(key, "", context).value,
      all: (_flags, context) => core.resolveAll(context),
      answerOf: (all, key) => all.find((details) => details.flagKey === key)?.value,
      close() {},
    };
  },
};
