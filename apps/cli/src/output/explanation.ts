/** Why a flag answers as it does, as the way through precedence that a person can follow with a finger. */
import { compile } from "@dimmer/engine";
import { explain, type Explanation, type ExplanationStep } from "@dimmer/engine/explain";
import { overlay } from "@dimmer/engine/overlay";
import type { Flag, FlagSet, Kill } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { isKilled, parseKillSwitchKey } from "@dimmer/spec/kill-set";
import { describeKill } from "./kill-text.ts";

/** What is explained, and everything that decides about it. */
export interface ExplanationInput {
  readonly flagSet: FlagSet;
  /** Kills in force. */
  readonly kills: readonly Kill[];
  readonly key: string;
  /** Whom the flag is asked for. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly nowMs: number;
}

/** Why a kill switch reads as it does: the kills in force behind it. */
export interface KillSwitchExplanation {
  readonly flagKey: string;
  readonly value: boolean;
  readonly kills: readonly Kill[];
}

/**
 * Explains one flag as the control plane's set and kills decide it, or an `ai.killswitch.*` key. Overrides by
 * environment variables act in their own process and are not seen here. Throws `flag_not_found`.
 */
export function explainAsText(input: ExplanationInput): {
  readonly explanation: Explanation | KillSwitchExplanation;
  readonly text: string;
} {
  const killSwitch = parseKillSwitchKey(input.key);
  if (killSwitch !== undefined) {
    const kills = input.kills.filter((kill) => kill.scope === killSwitch.scope && kill.target === killSwitch.target);
    const explanation = { flagKey: input.key, value: kills.length > 0, kills };
    return { explanation, text: drawKillSwitch(explanation, isKilled(input.kills, "all", "*")) };
  }
  const definition = input.flagSet.flags[input.key];
  if (definition === undefined)
    throw new DimmerError("flag_not_found", `There is no flag '${input.key}'.`, { flag: input.key });
  const compiled = compile(input.flagSet);
  if (!compiled.ok)
    throw new DimmerError("flag_set_invalid", `The flag set of '${input.flagSet.environment}' does not compile.`, {
      faults: compiled.faults,
    });
  const killedFlags = new Set(input.kills.filter((kill) => kill.scope === "flag").map((kill) => kill.target));
  const explanation = explain(
    overlay(compiled.compiled, { killedFlags, overrides: new Map() }).compiled,
    input.key,
    input.context,
    input.nowMs,
  );
  return { explanation, text: drawExplanation(explanation, definition, input) };
}

function drawKillSwitch({ flagKey, value, kills }: KillSwitchExplanation, isAllKilled: boolean): string {
  const reasons = kills.map(
    (kill) => `  killed by ${kill.by} ${kill.at}${kill.reason === "" ? "" : `: ${kill.reason}`}`,
  );
  if (reasons.length === 0) reasons.push("  no kill of it is in force");
  if (isAllKilled) reasons.push("  all AI egress is killed besides");
  return [`${flagKey} is ${value}`, ...reasons].join("\n");
}

function drawExplanation(explanation: Explanation, definition: Flag, input: ExplanationInput): string {
  const { evaluation, steps } = explanation;
  const served = evaluation.value === undefined ? "the caller's own default" : JSON.stringify(evaluation.value);
  const variant = evaluation.variant === undefined ? "" : ` (${evaluation.variant})`;
  const user = typeof input.context["targetingKey"] === "string" ? ` to ${input.context["targetingKey"]}` : "";
  const title = `${explanation.flagKey} serves ${served}${variant}${user}, reason ${evaluation.reason}`;
  const kill = input.kills.find((one) => one.scope === "flag" && one.target === explanation.flagKey);
  const row = (name: string, text: string): string => `  ${name.padEnd(12)}  ${text}`;
  const rows = [
    row(
      "kill",
      kill === undefined
        ? "none of this flag"
        : `${describeKill(kill)} by ${kill.by}${kill.reason === "" ? "" : `: ${kill.reason}`} → its safe variant`,
    ),
  ];
  for (const step of steps) rows.push(...drawStep(step, definition, row));
  rows.push(...drawDecision(explanation, definition, user === "", row));
  return [title, ...rows].join("\n");
}

type DrawRow = (name: string, text: string) => string;

function drawStep(step: ExplanationStep, definition: Flag, row: DrawRow): string[] {
  switch (step.kind) {
    case "prerequisite":
      return [
        row("prerequisite", `${step.flagKey} is ${step.isOn ? "on" : "not on"} (${step.variant ?? "no variant"})`),
      ];
    case "condition":
      // `/flags/<key>/` says nothing new.
      return [
        row("condition", `${step.pointer.split("/").slice(3).join("/")} ${step.holds ? "holds" : "does not hold"}`),
      ];
    case "split": {
      const isStrategy = step.pointer.endsWith("/strategy") || step.pointer.includes("/strategy/");
      const total = step.arms.at(-1)?.to ?? 0;
      const names = isStrategy ? armNames(definition) : [];
      const arms = step.arms.map(({ from, to }, index) =>
        row(
          "",
          `${index === step.arm ? "→" : " "} ${number(from)} to below ${number(to)}: ${names[index] ?? `arm ${index + 1}`}, ${share(from, to, total)}`,
        ),
      );
      return [row("bucket", `${number(step.bucket)} of ${number(total)}, from the key '${step.key}'`), ...arms];
    }
  }
}

function drawDecision(
  { decidedBy, evaluation }: Explanation,
  definition: Flag,
  isAnonymous: boolean,
  row: DrawRow,
): string[] {
  const answer = `→ ${evaluation.variant ?? "the caller's own default"}`;
  switch (decidedBy) {
    case "disabled":
      return [row("state", `DISABLED ${answer}`)];
    case "prerequisite":
      return [row("", answer)];
    case "targeting":
    case "default":
      return [row(decidedBy, answer)];
    case "strategy": {
      const hint =
        isAnonymous && evaluation.reason === "DEFAULT"
          ? [row("", "nobody was named: say --user, since who is asked for decides")]
          : [];
      return [row("strategy", `${describeStrategy(definition)} ${answer}`), ...hint];
    }
    case "error":
      return [row("error", evaluation.errorMessage ?? "the rules could not be followed")];
    case "kill":
    case "override":
    case "not-found":
      return [];
  }
}

function describeStrategy({ strategy }: Flag): string {
  switch (strategy?.type) {
    case "percentage":
      return `percentage, ${strategy.percentage} %`;
    case "progressive":
      return strategy.start === undefined || strategy.end === undefined
        ? "progressive, without dates"
        : `progressive, from ${strategy.start} to ${strategy.end}`;
    case "canary":
      return `canary, then ${strategy.percentage ?? 0} % of everybody else`;
    case "all-at-once":
    case undefined:
      return "all at once";
  }
}

/** A strategy splits between the first on-variant and what everybody else gets. */
function armNames(definition: Flag): string[] {
  const on = definition.onVariants?.[0] ?? Object.entries(definition.variants).find(([, value]) => value === true)?.[0];
  return [on ?? "on", "everybody else"];
}

function number(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 3 });
}

function share(from: number, to: number, total: number): string {
  return `${total === 0 ? 0 : Number((((to - from) / total) * 100).toFixed(3))} %`;
}
