/** GrowthBook's client for many users, initialised with its payload. */
import { GrowthBookClient } from "@growthbook/growthbook";
import { askEach, answerAt } from "../src/flags/ask-each.ts";

/** @type {import("../src/flags/candidate.ts").Candidate} */
export const candidate = {
  name: "growthbook",
  package: "@growthbook/growthbook",
  isAsync: false,
  remark: "starts-with is a regular expression",
  write: (flags) => JSON.stringify({ features: Object.fromEntries(flags.map((flag) => [flag.key, feature(flag)])) }),
  load({ text }) {
    const client = new GrowthBookClient().initSync({ payload: JSON.parse(text) });
    const loaded = {
      context: (user) => ({ attributes: { ...user } }),
      boolean: (key, context) => client.isOn(key, context),
      string: (key, context) => client.getFeatureValue(key, "", context),
      all: (flags, context) => askEach(loaded, flags, context),
      answerOf: answerAt,
      close: () => client.destroy(),
    };
    return loaded;
  },
};

function feature(flag) {
  switch (flag.type) {
    case "static":
      return { defaultValue: true };
    case "rules":
      return {
        defaultValue: false,
        rules: flag.anyOf.map((given, index) => ({
          id: `${flag.key}-${index}`,
          force: true,
          condition: condition(given),
        })),
      };
    case "rollout":
      return {
        defaultValue: false,
        rules: [
          {
            id: flag.key,
            force: true,
            coverage: flag.percent / 100,
            hashAttribute: "id",
            seed: flag.key,
            hashVersion: 2,
          },
        ],
      };
    case "split":
      return {
        defaultValue: flag.arms[0],
        rules: [
          {
            id: flag.key,
            key: flag.key,
            variations: flag.arms,
            weights: flag.arms.map(() => 1 / flag.arms.length),
            coverage: 1,
            hashAttribute: "id",
            seed: flag.key,
            hashVersion: 2,
          },
        ],
      };
  }
}

function condition({ attribute, operator, value }) {
  switch (operator) {
    case "equals":
      return { [attribute]: value };
    case "one-of":
      return { [attribute]: { $in: value } };
    case "starts-with":
      return { [attribute]: { $regex: `^${value}` } };
    case "version-at-least":
      return { [attribute]: { $vgte: value } };
    case "above":
      return { [attribute]: { $gt: value } };
    case "below":
      return { [attribute]: { $lt: value } };
  }
}
