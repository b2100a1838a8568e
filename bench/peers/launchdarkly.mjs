/** LaunchDarkly's server SDK over its file data source; events and diagnostics off. */
import { init } from "@launchdarkly/node-server-sdk";
import { FileDataSourceFactory } from "@launchdarkly/node-server-sdk/integrations";

const quiet = { error() {}, warn() {}, info() {}, debug() {} };

/** @type {import("../src/flags/candidate.ts").Candidate} */
export const candidate = {
  name: "launchdarkly",
  package: "@launchdarkly/node-server-sdk",
  isAsync: true,
  remark: "lists of ids are segments, its fastest form",
  write(flags) {
    const segments = {};
    const written = flags.map((flag) => [flag.key, writeFlag(flag, segments)]);
    return JSON.stringify({ flags: Object.fromEntries(written), segments });
  },
  async load({ path }) {
    const client = init("sdk-bench", {
      updateProcessor: new FileDataSourceFactory({ paths: [path] }).getFactory(),
      sendEvents: false,
      diagnosticOptOut: true,
      logger: quiet,
    });
    await client.waitForInitialization({ timeout: 30 });
    return {
      context: ({ id, ...attributes }) => ({ kind: "user", key: id, ...attributes }),
      boolean: (key, context) => client.variation(key, context, false),
      string: (key, context) => client.variation(key, context, ""),
      all: (_flags, context) => client.allFlagsState(context),
      answerOf: (all, key) => all.getFlagValue(key),
      close: () => client.close(),
    };
  },
};

function writeFlag(flag, segments) {
  const share = (weights) => ({
    rollout: {
      kind: "rollout",
      contextKind: "user",
      variations: weights.map((weight, variation) => ({ variation, weight })),
    },
  });
  const make = (variations, fallthrough, rules = []) => ({
    key: flag.key,
    version: 1,
    on: true,
    salt: flag.key,
    variations,
    offVariation: 0,
    fallthrough,
    rules,
    targets: [],
    prerequisites: [],
  });
  switch (flag.type) {
    case "static":
      return make([false, true], { variation: 1 });
    case "rules": {
      const rules = flag.anyOf.map((condition, index) => ({
        id: `${flag.key}-${index}`,
        variation: 1,
        clauses: [clause(condition, `${flag.key}-${index}`, segments)],
      }));
      return make([false, true], { variation: 0 }, rules);
    }
    case "rollout":
      return make([false, true], share([(100 - flag.percent) * 1000, flag.percent * 1000]));
    case "split":
      return make(flag.arms, share(flag.arms.map(() => 100_000 / flag.arms.length)));
  }
}

function clause({ attribute, operator, value }, name, segments) {
  const make = (op, more = {}) => ({
    contextKind: "user",
    attribute,
    op,
    values: [value].flat(),
    negate: false,
    ...more,
  });
  switch (operator) {
    case "equals":
      return make("in");
    case "one-of":
      if (attribute !== "id") return make("in");
      segments[name] = { key: name, version: 1, included: value, excluded: [], rules: [], salt: name };
      return make("segmentMatch", { attribute: "", values: [name] });
    case "starts-with":
      return make("startsWith");
    case "version-at-least":
      return make("semVerLessThan", { negate: true });
    case "above":
      return make("greaterThan");
    case "below":
      return make("lessThan");
  }
}
