/** Why a flag answers as it does: the way through precedence, rules and buckets, as data. */
import { compileOwnDecision } from "./compile/own-decision.ts";
import type { CompiledFlag, CompiledFlagSet } from "./compiled-flag-set.ts";
import { evaluate, isOn } from "./evaluate.ts";
import { decide, type Evaluation, type EvaluationContext } from "./evaluation.ts";
import { FaultList } from "./fault.ts";
import type { SplitTrace, Trace } from "./targeting/expression.ts";

/** What settled the answer; in the order of precedence. */
export type DecidedBy =
  | "not-found"
  | "kill"
  | "override"
  | "disabled"
  | "prerequisite"
  | "targeting"
  | "strategy"
  | "default"
  | "error";

/** One thing that was looked at on the way. Pointers lead into the flag set. */
export type ExplanationStep =
  /** A flag that this one needs, with the variant it serves. */
  | {
      readonly kind: "prerequisite";
      readonly flagKey: string;
      readonly variant: string | undefined;
      readonly isOn: boolean;
    }
  /** A condition of an `if`, or a list of a canary. */
  | { readonly kind: "condition"; readonly pointer: string; readonly holds: boolean }
  | ({ readonly kind: "split"; readonly pointer: string } & SplitExplanation);

export interface SplitExplanation {
  /** What was hashed, after the flag key where that goes first. */
  readonly key: string;
  /** Where it landed. Under flagd-v2 a whole number below the sum of the weights, under flagd-v1 a percentage. */
  readonly bucket: number;
  /** The arms in order; `from` is inside, `to` is not. */
  readonly arms: readonly { readonly from: number; readonly to: number }[];
  /** Which arm holds the bucket; -1 for none, which only flagd-v1 can bring about. */
  readonly arm: number;
}

export interface Explanation {
  readonly flagKey: string;
  /** What `evaluate` answers for the same arguments. */
  readonly evaluation: Evaluation;
  readonly decidedBy: DecidedBy;
  /** In the order in which it was looked at. */
  readonly steps: readonly ExplanationStep[];
}

/** Explains one answer. Compiles the flag again with listening rules, so it costs far more than `evaluate`. */
export function explain(
  compiled: CompiledFlagSet,
  key: string,
  context: EvaluationContext,
  nowMs: number,
): Explanation {
  const evaluation = evaluate(compiled, key, context, nowMs);
  const flag = compiled.flags.get(key);
  const explained = (decidedBy: DecidedBy, steps: readonly ExplanationStep[] = []): Explanation => ({
    flagKey: key,
    evaluation,
    decidedBy,
    steps,
  });
  if (flag === undefined) return explained("not-found");
  if (compiled.forced.has(key)) return explained(evaluation.reason === "KILLED" ? "kill" : "override");
  if (flag.isDisabled) return explained("disabled");
  const prerequisites = explainPrerequisites(compiled, flag, context, nowMs);
  if (prerequisites.some((step) => step.kind === "prerequisite" && !step.isOn))
    return explained("prerequisite", prerequisites);
  const own = explainOwn(compiled, flag, context, nowMs);
  const decidedBy = evaluation.reason === "ERROR" ? "error" : own.decidedBy;
  return explained(decidedBy, [...prerequisites, ...own.steps]);
}

function explainPrerequisites(
  compiled: CompiledFlagSet,
  flag: CompiledFlag,
  context: EvaluationContext,
  nowMs: number,
): readonly ExplanationStep[] {
  return flag.prerequisites.map((flagKey) => {
    const evaluation = evaluate(compiled, flagKey, context, nowMs);
    return { kind: "prerequisite", flagKey, variant: evaluation.variant, isOn: isOn(compiled, evaluation) };
  });
}

function explainOwn(
  compiled: CompiledFlagSet,
  flag: CompiledFlag,
  context: EvaluationContext,
  nowMs: number,
): Pick<Explanation, "decidedBy" | "steps"> {
  const steps: ExplanationStep[] = [];
  let decidedBy: DecidedBy = "targeting";
  const trace: Trace = {
    fallback: () => {
      decidedBy = flag.strategy === undefined ? "default" : "strategy";
    },
    condition: (pointer, holds) => steps.push({ kind: "condition", pointer, holds }),
    split: (pointer, split) => steps.push({ kind: "split", pointer, ...explainSplit(split) }),
  };
  const unit = { ...compiled.unit, faults: new FaultList(), warnings: new FaultList(), nodes: 0 };
  const { decision } = compileOwnDecision(unit, flag, trace);
  try {
    decide(decision, context, nowMs);
  } catch {
    // The evaluation itself carries the error; the steps up to it stand.
  }
  return { decidedBy, steps };
}

function explainSplit({ key, bucket, ends, arm }: SplitTrace): SplitExplanation {
  return { key, bucket, arms: ends.map((to, index) => ({ from: ends[index - 1] ?? 0, to })), arm };
}
