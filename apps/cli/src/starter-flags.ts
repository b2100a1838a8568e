/** The flags `dimmer init` writes when there is nothing to start from: one of each kind a first application needs. */
import type { FlagDefinitions } from "@dimmer/spec";

export const starterFlags: FlagDefinitions = {
  flags: {
    new_checkout: {
      state: "ENABLED",
      description: "A feature that is deployed dark: raise the percentage to turn it up.",
      variants: { on: true, off: false },
      defaultVariant: "off",
      safeVariant: "off",
      strategy: { type: "percentage", percentage: 0 },
    },
    answer_style: {
      state: "ENABLED",
      description: "A choice; the users listed see 'brief' first.",
      variants: { thorough: "thorough", brief: "brief" },
      defaultVariant: "thorough",
      safeVariant: "thorough",
      onVariants: ["brief"],
      strategy: { type: "canary", users: ["user-1"] },
      prerequisites: ["new_checkout"],
    },
    max_suggestions: {
      state: "ENABLED",
      description: "A number, by region.",
      variants: { few: 3, many: 10 },
      defaultVariant: "few",
      safeVariant: "few",
      targeting: { if: [{ in: [{ var: "region" }, ["eu", "us"]] }, "many", null] },
    },
  },
};
