/** Unleash, bootstrapped with its feature list; no polling, no metrics, nothing on disk. */
import { once } from "node:events";
import { InMemStorageProvider, Unleash } from "unleash-client";
import { askEach, answerAt } from "../src/flags/ask-each.ts";

const operators = {
  equals: "IN",
  "one-of": "IN",
  "starts-with": "STR_STARTS_WITH",
  "version-at-least": "SEMVER_GTE",
  above: "NUM_GT",
  below: "NUM_LT",
};

/** @type {import("../src/flags/candidate.ts").Candidate} */
export const candidate = {
  name: "unleash",
  package: "unleash-client",
  isAsync: false,
  write: (flags) => JSON.stringify({ version: 2, features: flags.map(feature) }),
  async load({ text }) {
    const unleash = new Unleash({
      appName: "bench",
      url: "http://127.0.0.1:1/",
      refreshInterval: 0,
      disableMetrics: true,
      storageProvider: new InMemStorageProvider(),
      bootstrap: { data: JSON.parse(text).features },
      skipInstanceCountWarning: true,
      disableAutoStart: true,
    });
    const synchronized = once(unleash, "synchronized");
    await unleash.start();
    await synchronized;
    const loaded = {
      context: ({ id, age, seats, ...properties }) => ({
        userId: id,
        properties: { ...properties, age: String(age), seats: String(seats) },
      }),
      boolean: (key, context) => unleash.isEnabled(key, context),
      string: (key, context) => unleash.getVariant(key, context).name,
      all: (flags, context) => askEach(loaded, flags, context),
      answerOf: answerAt,
      close: () => unleash.destroy(),
    };
    return loaded;
  },
};

function feature(flag) {
  const common = {
    name: flag.key,
    enabled: true,
    type: "release",
    project: "default",
    stale: false,
    impressionData: false,
  };
  const strategy = (rollout, more = {}) => ({
    name: "flexibleRollout",
    parameters: { rollout: String(rollout), stickiness: "userId", groupId: flag.key },
    constraints: [],
    ...more,
  });
  switch (flag.type) {
    case "static":
      return { ...common, strategies: [{ name: "default", parameters: {}, constraints: [] }] };
    case "rules":
      return {
        ...common,
        strategies: flag.anyOf.map((condition) => ({
          name: "default",
          parameters: {},
          constraints: [constraint(condition)],
        })),
      };
    case "rollout":
      return { ...common, strategies: [strategy(flag.percent)] };
    case "split":
      return {
        ...common,
        strategies: [
          strategy(100, {
            variants: flag.arms.map((name) => ({ name, weight: 1000 / flag.arms.length, stickiness: "userId" })),
          }),
        ],
      };
  }
}

function constraint({ attribute, operator, value }) {
  const contextName = attribute === "id" ? "userId" : attribute;
  const isList = operator === "equals" || operator === "one-of" || operator === "starts-with";
  const given = isList ? { values: [value].flat() } : { value: String(value), values: [] };
  return { contextName, operator: operators[operator], inverted: false, caseInsensitive: false, ...given };
}
