/** A replay's report as a person reads it. */
import type { Comparison, CurvePoint } from "./comparison.ts";
import { cheapModel, strongModel } from "./replay-models.ts";
import type { ReplayReport } from "./run-replay.ts";
import type { Interval } from "./statistics.ts";

/** The report in lines. */
export function describeReplay(report: ReplayReport, file: string): string {
  const all: Comparison = { ...report, differenceInterval: report.ci95 };
  const halves = [
    ...(report.heldOut === null
      ? []
      : [describePart("questions held out when the weights were fitted", report.heldOut)]),
    ...(report.fitted === null ? [] : [describePart("questions they were fitted on", report.fitted)]),
    describePart("all, the same number from both models marked the same", report.markedByNumber),
  ];
  return [
    `${file}: ${count(report.n)} questions through the gateway, answered by v1 and by v2`,
    `v1 asks ${strongModel.name} first; v2 asks ${cheapModel.name} first and accepts a score of ${report.threshold}`,
    "",
    `      accuracy  95 % (Wilson)        cost USD  95 % (bootstrap)`,
    describeRouter("v1", report.v1),
    describeRouter("v2", report.v2),
    "",
    describeDifference(all),
    `${percent(report.cheapShare)} answered by the cheap model`,
    "",
    "the same at this threshold on",
    ...halves,
    "",
    "threshold  accuracy  difference    saving  within",
    ...report.curve.filter((point) => isShown(point, report)).map((point) => describePoint(point, report)),
    "",
    describeBest("1 point", report.within.onePoint),
    describeBest("2 points", report.within.twoPoints),
  ].join("\n");
}

function describeRouter(name: string, figures: Comparison["v1"]): string {
  const cost = figures.costUsd.toFixed(figures.costUsd < 0.1 ? 6 : 2);
  const costs = figures.costInterval.map((bound) => bound.toFixed(figures.costUsd < 0.1 ? 6 : 2)).join(" – ");
  return `${name}   ${percent(figures.accuracy).padStart(9)}  ${range(figures.accuracyInterval).padEnd(19)}  ${cost.padStart(8)}  ${costs}`;
}

function describeDifference(comparison: Comparison): string {
  const { accuracyDifference, differenceInterval, saving, savingInterval } = comparison;
  const bounds = differenceInterval.map(points).join(" to ");
  return `v2 - v1: ${points(accuracyDifference)} points (95 %: ${bounds}); saves ${percent(saving)} of the cost (95 %: ${range(savingInterval)})`;
}

function describePart(name: string, comparison: Comparison): string {
  return `  ${name} (n ${count(comparison.n)})\n    v1 ${percent(comparison.v1.accuracy)}, v2 ${percent(comparison.v2.accuracy)}; ${describeDifference(comparison)}`;
}

/** Every tenth of the scale, and every hundredth where the choice is made. */
function isShown(point: CurvePoint, report: ReplayReport): boolean {
  const hundredths = Math.round(point.threshold * 100);
  const isNearChoice = Math.abs(point.threshold - report.threshold) < 0.105;
  return hundredths % 10 === 0 || isNearChoice;
}

function describePoint(point: CurvePoint, report: ReplayReport): string {
  const difference = point.accuracy - report.v1.accuracy;
  const mark = Math.abs(point.threshold - report.threshold) < 1e-9 ? "  <- this run" : "";
  const columns = [
    point.threshold.toFixed(2).padStart(9),
    percent(point.accuracy).padStart(8),
    points(difference).padStart(10),
    percent(point.saving).padStart(8),
  ];
  return `${columns.join("  ")}  ${withinOf(difference)}${mark}`.trimEnd();
}

/** A hair of tolerance: differences are shares of whole numbers of questions. */
function withinOf(difference: number): string {
  if (difference >= -0.01 - 1e-9) return "1 point ";
  return difference >= -0.02 - 1e-9 ? "2 points" : "        ";
}

function describeBest(limit: string, point: CurvePoint | null): string {
  if (point === null) return `no threshold stays within ${limit} of v1`;
  return `most saved within ${limit}: ${percent(point.saving)} at ${point.threshold.toFixed(2)} (chosen with these marks in view: see held out for what to expect)`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

function range(interval: Interval): string {
  return interval.map(percent).join(" – ");
}

/** Percentage points with their sign. */
function points(difference: number): string {
  const value = (difference * 100).toFixed(2);
  return value.startsWith("-") || Number(value) === 0 ? value : `+${value}`;
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}
