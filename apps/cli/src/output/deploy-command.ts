/** The command that starts a rollout again. */
import { defaultRolloutFlag, planPresets } from "@dimmer/catalog";
import type { Plan } from "@dimmer/spec";
import { formatDurationMs } from "../arguments.ts";
import { shellWord } from "./shell-word.ts";

/** `dimmer deploy` with the options that make this plan on this flag; every limit is said. */
export function deployCommand(flag: string, plan: Plan): string {
  const named = flag === defaultRolloutFlag ? [] : ["--flag", shellWord(flag)];
  if (Object.hasOwn(planPresets, plan.name)) return ["dimmer deploy --strategy", plan.name, ...named].join(" ");
  const bakeMs = plan.steps[0]?.bakeMs ?? 0;
  const soakMs = plan.steps.at(-1)?.bakeMs ?? 0;
  return [
    "dimmer deploy --strategy custom",
    ...named,
    "--steps",
    plan.steps.map((step) => step.weightPercent).join(","),
    "--bake",
    formatDurationMs(bakeMs),
    ...(soakMs === bakeMs ? [] : ["--soak", formatDurationMs(soakMs)]),
    "--min-requests",
    plan.minRequestsPerArm,
    "--max-error-rate",
    Number((plan.maxErrorRate * 100).toFixed(9)),
    "--max-p95",
    plan.maxLatencyMs,
  ].join(" ");
}
