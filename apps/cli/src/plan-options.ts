/** Turns the options of `dimmer deploy` into a plan. */
import { planPresets } from "@dimmer/catalog";
import { validatePlan } from "@dimmer/rollout";
import { plan as planForm, type Plan } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { parseCount, parseDurationMs, parsePercentage, parseShare } from "./arguments.ts";
import { stringOption, type Option, type OptionValues } from "./command.ts";

/** Options that shape a custom plan. */
export const planOptions: Readonly<Record<string, Option>> = {
  steps: {
    type: "string",
    value: "<list>",
    description: "custom: percentages, rising, the last 100, such as 5,10,25,50,75,100",
  },
  bake: { type: "string", value: "<duration>", description: "custom: how long each step is observed at least" },
  soak: {
    type: "string",
    value: "<duration>",
    description: "custom: how long the 100 % step is observed; default the bake",
  },
  "min-requests": {
    type: "string",
    value: "<n>",
    description: "custom: requests each arm needs in a step; default 200",
  },
  "max-error-rate": { type: "string", value: "<percent>", description: "custom: default 1" },
  "max-p95": { type: "string", value: "<ms>", description: "custom: default 500" },
};

/**
 * The preset named, or the custom plan described, as the server will judge it: a slip of the pen is told before anybody
 * is asked.
 *
 * @throws `plan_not_found`, `usage`, `plan_invalid` with every fault and the option it is in.
 */
export function planFromOptions(strategy: string, options: OptionValues): string | Plan {
  if (strategy === "custom") return customPlan(options);
  if (!Object.hasOwn(planPresets, strategy)) {
    const names = Object.keys(planPresets).join(", ");
    throw new DimmerError("plan_not_found", `There is no plan '${strategy}'; there is ${names}, and custom.`, {
      plan: strategy,
    });
  }
  const given = Object.keys(planOptions).filter((name) => options[name] !== undefined);
  if (given.length > 0)
    throw new DimmerError("usage", `--${given.join(", --")} shape a custom plan; say --strategy custom.`);
  return strategy;
}

function customPlan(options: OptionValues): Plan {
  const steps = stringOption(options, "steps");
  const bake = stringOption(options, "bake");
  if (steps === undefined || bake === undefined)
    throw new DimmerError("usage", "A custom plan needs --steps and --bake.");
  const bakeMs = parseDurationMs("--bake", bake);
  const soak = stringOption(options, "soak");
  const soakMs = soak === undefined ? bakeMs : parseDurationMs("--soak", soak);
  const weights = steps.split(",").map((text) => parseShare("--steps", text));
  const minRequests = stringOption(options, "min-requests");
  const maxErrorRate = stringOption(options, "max-error-rate");
  const maxP95 = stringOption(options, "max-p95");
  return judge({
    name: "custom",
    steps: weights.map((weightPercent) => ({ weightPercent, bakeMs: weightPercent === 100 ? soakMs : bakeMs })),
    ...(minRequests === undefined ? {} : { minRequestsPerArm: parseCount("--min-requests", minRequests) }),
    ...(maxErrorRate === undefined ? {} : { maxErrorRate: parsePercentage("--max-error-rate", maxErrorRate) / 100 }),
    ...(maxP95 === undefined ? {} : { maxLatencyMs: parseCount("--max-p95", maxP95) }),
  });
}

/** Which option says what stands at a place of a plan. */
const optionAt: readonly (readonly [RegExp, string])[] = [
  [/^\/steps/, "--steps"],
  [/^\/maxErrorRate/, "--max-error-rate"],
  [/^\/maxLatencyMs/, "--max-p95"],
  [/^\/minRequestsPerArm/, "--min-requests"],
];

function judge(input: unknown): Plan {
  const parsed = planForm.safeParse(input);
  const faults = parsed.success
    ? validatePlan(parsed.data)
    : parsed.error.issues.map(({ path, message }) => ({
        pointer: `/${path.join("/")}`,
        message: `${message}.`,
        fix: "",
      }));
  if (parsed.success && faults.length === 0) return parsed.data;
  const lines = faults.map(({ pointer, message, fix }) => {
    const option = optionAt.find(([place]) => place.test(pointer))?.[1] ?? pointer;
    return `  ${option}: ${message} ${fix}`.trimEnd();
  });
  throw new DimmerError("plan_invalid", `The plan cannot run:\n${lines.join("\n")}`, { faults });
}
