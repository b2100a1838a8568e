/** The flags as a Vercel Flags datafile. */

export const environment = "production";

/** @param {readonly import("../src/flags/neutral-flag.ts").NeutralFlag[]} flags */
export function writeDatafile(flags) {
  return JSON.stringify({
    projectId: "bench",
    environment,
    configUpdatedAt: 1,
    revision: 1,
    digest: "bench",
    definitions: Object.fromEntries(flags.map((flag, index) => [flag.key, definition(flag, index + 1)])),
    segments: {},
  });
}

function definition(flag, seed) {
  const split = (weights) => ({ type: "split", base: ["user", "id"], weights, defaultVariant: 0 });
  const make = (variants, config) => ({
    variants,
    variantIds: variants.map(String),
    seed,
    environments: { [environment]: config },
  });
  switch (flag.type) {
    case "static":
      return make([false, true], { fallthrough: 1 });
    case "rules":
      return make([false, true], {
        rules: flag.anyOf.map((condition) => ({ conditions: [write(condition)], outcome: 1 })),
        fallthrough: 0,
      });
    case "rollout":
      return make([false, true], { fallthrough: split([100 - flag.percent, flag.percent]) });
    case "split":
      return make(flag.arms, { fallthrough: split(flag.arms.map(() => 1)) });
  }
}

const comparators = {
  equals: "eq",
  "one-of": "oneOf",
  "starts-with": "startsWith",
  "version-at-least": "gte",
  above: "gt",
  below: "lt",
};

function write({ attribute, operator, value }) {
  return [["user", attribute], comparators[operator], value];
}

export const entities = (user) => ({ user: { ...user } });
