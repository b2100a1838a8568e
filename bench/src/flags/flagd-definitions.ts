/** The flags as a flagd definition (https://flagd.dev/reference/flag-definitions/), which is Dimmer's format too. */
import type { Condition, NeutralFlag, User } from "./neutral-flag.ts";

/** Turns a rollout into the parts of a definition that say who is in. */
export type WriteRollout = (percent: number) => object;

/** How flagd says it. */
export const fractionalRollout: WriteRollout = (percent) => ({
  targeting: {
    fractional: [
      ["on", percent],
      ["off", 100 - percent],
    ],
  },
});

/** How Dimmer says it. */
export const percentageRollout: WriteRollout = (percentage) => ({ strategy: { type: "percentage", percentage } });

export function writeDefinitions(flags: readonly NeutralFlag[], rollout: WriteRollout): { flags: object } {
  return { flags: Object.fromEntries(flags.map((flag) => [flag.key, writeFlag(flag, rollout)])) };
}

/** A user as OpenFeature's evaluation context, which is Dimmer's too. */
export function evaluationContext({ id, ...attributes }: User): { targetingKey: string } & Omit<User, "id"> {
  return { targetingKey: id, ...attributes };
}

function writeFlag(flag: NeutralFlag, rollout: WriteRollout): object {
  const boolean = { state: "ENABLED", variants: { on: true, off: false }, defaultVariant: "off" };
  switch (flag.type) {
    case "static":
      return { ...boolean, defaultVariant: "on" };
    case "rules":
      return {
        ...boolean,
        targeting: { if: [...flag.anyOf.flatMap((given) => [writeCondition(given), "on"]), "off"] },
      };
    case "rollout":
      return { ...boolean, ...rollout(flag.percent) };
    case "split":
      return {
        state: "ENABLED",
        variants: Object.fromEntries(flag.arms.map((arm) => [arm, arm])),
        defaultVariant: flag.arms[0],
        targeting: { fractional: flag.arms.map((arm) => [arm, 1]) },
      };
  }
}

function writeCondition({ attribute, operator, value }: Condition): object {
  const variable = { var: attribute === "id" ? "targetingKey" : attribute };
  switch (operator) {
    case "equals":
      return { "==": [variable, value] };
    case "one-of":
      return { in: [variable, value] };
    case "starts-with":
      return { starts_with: [variable, value] };
    case "version-at-least":
      return { sem_ver: [variable, ">=", value] };
    case "above":
      return { ">": [variable, value] };
    case "below":
      return { "<": [variable, value] };
  }
}
