/** A rollout as a person reads it: the bar, the verdict, and the evidence behind it. */
import type { CheckResult, Rollout } from "@dimmer/spec";
import type { Output } from "./output.ts";
import { fitLines } from "./wrap.ts";

const barWidth = 40;
/** What stands to the left of a rollout's lines wherever they are drawn. */
const indentWidth = 9;

/** Several lines: what runs, how far it is, what the evidence says. */
export function drawRollout(rollout: Rollout, nowMs: number, output: Output): string {
  const weight = weightPercent(rollout);
  const title = `${output.paint("bold", rollout.flag)} attempt ${rollout.attempt}, plan ${rollout.plan.name}: ${paintStatus(rollout, output)}`;
  const lines = [
    title,
    `  ${drawBar(rollout, weight, output)} ${weight} %`,
    `  ${output.paint("dim", rollout.plan.steps.map((step) => step.weightPercent).join(" → "))}`,
  ];
  if (rollout.status === "running") lines.push(`  ${timeLeft(rollout, nowMs)}`);
  lines.push(`  ${rollout.reason}`);
  const { verdict } = rollout;
  if (verdict !== undefined) {
    lines.push(`  verdict: ${paintVerdict(verdict.type, output)}, ${output.paint("dim", verdict.guarantee)}`);
    for (const check of verdict.checks) lines.push(...describeCheck(check).map((line) => `    ${line}`));
  }
  return fitLines(lines.join("\n"), output, indentWidth);
}

/** The share that is exposed now. */
export function weightPercent(rollout: Rollout): number {
  if (rollout.status === "rolled-back" || rollout.status === "aborted") return 0;
  return rollout.plan.steps[rollout.stepIndex]?.weightPercent ?? 0;
}

function drawBar(rollout: Rollout, weight: number, output: Output): string {
  const filled = Math.round((weight / 100) * barWidth);
  const style = rollout.status === "rolled-back" ? "red" : rollout.status === "succeeded" ? "green" : "cyan";
  return `${output.paint(style, "█".repeat(filled))}${output.paint("dim", "░".repeat(barWidth - filled))}`;
}

function paintStatus(rollout: Rollout, output: Output): string {
  switch (rollout.status) {
    case "running":
      return output.paint("cyan", "running");
    case "paused":
      return output.paint("yellow", "paused");
    case "succeeded":
      return output.paint("green", "succeeded");
    case "rolled-back":
      return output.paint("red", "rolled back");
    case "aborted":
      return output.paint("red", "aborted");
  }
}

function paintVerdict(type: string, output: Output): string {
  if (type === "safe") return output.paint("green", type);
  return output.paint(type === "harm" ? "red" : "yellow", type);
}

function timeLeft(rollout: Rollout, nowMs: number): string {
  const leftMs = Date.parse(rollout.bakeEndsAt) - nowMs;
  const position = `step ${rollout.stepIndex + 1} of ${rollout.plan.steps.length}`;
  return leftMs > 0 ? `${position}, baking for another ${formatDuration(leftMs)}` : `${position}, baked`;
}

/** `36 h`, `12 min`, `4 s`: the largest unit that says enough. */
export function formatDuration(durationMs: number): string {
  if (durationMs >= 2 * 3_600_000) return `${Math.round(durationMs / 3_600_000)} h`;
  if (durationMs >= 120_000) return `${Math.round(durationMs / 60_000)} min`;
  return `${Math.max(0, Math.ceil(durationMs / 1000))} s`;
}

/** Two lines: what was seen, and what it proves. */
function describeCheck(check: CheckResult): [string, string] {
  const evidence = `e-values: harm ${number(check.harmE)} of ${number(check.harmAt)}, safety ${number(check.safetyE)} of ${number(check.safetyAt)}`;
  const name = check.check.padEnd(10);
  return [
    `${name}  ${describeShares(check)}; limit ${percent(check.limit)}`,
    `${" ".repeat(name.length)}  ${evidence}`,
  ];
}

function describeShares({ check, canaryShare, baselineShare }: CheckResult): string {
  if (canaryShare === undefined) return "no requests of the canary yet";
  const baseline = baselineShare === undefined ? "" : `, ${percent(baselineShare)} of the baseline`;
  return `${percent(canaryShare)} of the canary${baseline} ${check === "error-rate" ? "failed" : "too slow"}`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(share < 0.1 ? 2 : 1)} %`;
}

function number(value: number): string {
  if (value >= 1e6) return value.toExponential(1);
  return value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}
