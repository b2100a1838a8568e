/** The OpenFeature server SDK over the flagd provider, evaluating in process from a file. */
import { FlagdProvider } from "@openfeature/flagd-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { answerAt } from "../src/flags/ask-each.ts";
import { evaluationContext, fractionalRollout, writeDefinitions } from "../src/flags/flagd-definitions.ts";

const quiet = { error() {}, warn() {}, info() {}, debug() {} };

/** @type {import("../src/flags/candidate.ts").Candidate} */
export const candidate = {
  name: "OpenFeature + flagd",
  package: "@openfeature/flagd-provider",
  isAsync: true,
  write: (flags) => JSON.stringify(writeDefinitions(flags, fractionalRollout)),
  async load({ path }) {
    OpenFeature.setLogger(quiet);
    const provider = new FlagdProvider({ resolverType: "in-process", offlineFlagSourcePath: path }, quiet);
    await OpenFeature.setProviderAndWait(path, provider); // the path serves as the name of a domain
    const client = OpenFeature.getClient(path);
    return {
      context: evaluationContext,
      boolean: (key, context) => client.getBooleanValue(key, false, context),
      string: (key, context) => client.getStringValue(key, "", context),
      all: (flags, context) =>
        Promise.all(
          flags.map(({ type, key }) =>
            type === "split" ? client.getStringValue(key, "", context) : client.getBooleanValue(key, false, context),
          ),
        ),
      answerOf: answerAt,
      close: () => OpenFeature.close(),
    };
  },
};
