/** Turns the options of `dimmer deploy` into a plan. */
import { DimmerError } from "@dimmer/spec/errors";
import type { Plan, StartRolloutRequest } from "@dimmer/spec";
import { formatDurationMs, parseCount, parseDurationMs, parsePercentage } from "./arguments.ts";
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

/** The preset named, or the custom plan described. The server checks the plan itself. */
export function planFromOptions(strategy: string, options: OptionValues): StartRolloutRequest["plan"] {
  const given = Object.keys(planOptions).filter((name) => options[name] !== undefined);
  if (strategy !== "custom") {
    if (given.length > 0)
      throw new DimmerError("usage", `--${given.join(", --")} shape a custom plan; say --strategy custom.`);
    return strategy;
  }
  const steps = stringOption(options, "steps");
  const bake = stringOption(options, "bake");
  if (steps === undefined || bake === undefined)
    throw new DimmerError("usage", "A custom plan needs --steps and --bake.");
  const bakeMs = parseDurationMs("--bake", bake);
  const soak = stringOption(options, "soak");
  const weights = steps.split(",").map((text) => parsePercentage("--steps", text));
  const minRequests = stringOption(options, "min-requests");
  const maxErrorRate = stringOption(options, "max-error-rate");
  const maxP95 = stringOption(options, "max-p95");
  return {
    name: "custom",
    steps: weights.map((weightPercent) => ({
      weightPercent,
      bakeMs: weightPercent === 100 && soak !== undefined ? parseDurationMs("--soak", soak) : bakeMs,
    })),
    ...(minRequests === undefined ? {} : { minRequestsPerArm: parseCount("--min-requests", minRequests) }),
    ...(maxErrorRate === undefined ? {} : { maxErrorRate: parsePercentage("--max-error-rate", maxErrorRate) / 100 }),
    ...(maxP95 === undefined ? {} : { maxLatencyMs: parseCount("--max-p95", maxP95) }),
  };
}

/** The command that starts such a plan on such a flag again; limits that differ from the defaults are said too. */
export function describeDeploy(flag: string, plan: Plan, defaultFlag: string): string {
  const options = flag === defaultFlag ? [] : ["--flag", flag];
  const isPreset = plan.name === "safe" || plan.name === "fast" || plan.name === "instant";
  if (isPreset) return ["dimmer deploy --strategy", plan.name, ...options].join(" ");
  const last = plan.steps.at(-1)?.bakeMs ?? 0;
  const bake = plan.steps[0]?.bakeMs ?? 0;
  const steps = plan.steps.map((step) => step.weightPercent).join(",");
  const soak = last === bake ? [] : ["--soak", formatDurationMs(last)];
  const limits = [
    "--min-requests",
    plan.minRequestsPerArm,
    "--max-error-rate",
    Number((plan.maxErrorRate * 100).toFixed(9)),
    "--max-p95",
    plan.maxLatencyMs,
  ];
  return [
    "dimmer deploy --strategy custom",
    ...options,
    "--steps",
    steps,
    "--bake",
    formatDurationMs(bake),
    ...soak,
    ...limits,
  ].join(" ");
}
