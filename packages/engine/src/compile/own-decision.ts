/**
 * A flag's own rules as one decision. On a flag with both, targeting decides first; where it gives null the strategy
 * does, and where there is no strategy the default variant is served.
 */
import type { FlagSource } from "../compiled-flag-set.ts";
import { decide, type Decide, type Decision } from "../evaluation.ts";
import { strategyDecision, type StrategyRules } from "../strategy/strategy-decision.ts";
import { grantAllowance } from "../targeting/allowance.ts";
import { compileDecision } from "../targeting/decision.ts";
import { Place, type Trace } from "../targeting/expression.ts";
import { FlagUnit, type SetUnit } from "../targeting/flag-unit.ts";
import { Answers } from "./answers.ts";

export interface OwnDecision {
  readonly decision: Decision;
  readonly isTimed: boolean;
}

export function compileOwnDecision(set: SetUnit, source: FlagSource, trace?: Trace): OwnDecision {
  const unit = new FlagUnit(set, source.key, trace);
  const answers = new Answers(source);
  const own = compileFallback(unit, source, answers);
  const fallback = trace === undefined ? own : traced(trace, own);
  const { targeting } = source;
  const decision =
    targeting === undefined
      ? fallback
      : compileDecision({ unit, answers, otherwise: fallback }, targeting, new Place(source.pointer, "targeting"));
  return { decision: finish(unit, source, answers, decision), isTimed: unit.isTimed };
}

/** What answers where targeting does not: the strategy, or the default variant. */
function compileFallback(unit: FlagUnit, source: FlagSource, answers: Answers): Decision {
  const { strategy, onVariants, offVariant } = source;
  const everyone = source.targeting === undefined ? "STATIC" : "DEFAULT";
  if (strategy === undefined) return answers.byDefault(source.defaultVariant, everyone);
  const arms = armsOf(answers, onVariants[0], offVariant);
  return strategyDecision({ unit, arms, everyone, place: new Place(source.pointer, "strategy") }, strategy);
}

function armsOf(answers: Answers, on: string | undefined, off: string | undefined): StrategyRules["arms"] {
  return { on: (reason) => answers.answer(on, reason), off: (reason) => answers.byDefault(off, reason) };
}

/** For `explain`, a fallback that says when it is asked. */
function traced(trace: Trace, fallback: Decision): Decision {
  return (context, nowMs) => {
    trace.fallback();
    return decide(fallback, context, nowMs);
  };
}

function finish(unit: FlagUnit, source: FlagSource, answers: Answers, decision: Decision): Decision {
  if (source.isDisabled) return answers.answer(undefined, "DISABLED");
  if (unit.parseError !== undefined) {
    return answers.failed("PARSE_ERROR", `The targeting of '${source.key}' cannot be read: ${unit.parseError}.`);
  }
  return unit.isIterating && typeof decision === "function" ? granted(decision) : decision;
}

/** Each evaluation walks lists with an allowance of its own. */
function granted(decision: Decide): Decide {
  return (context, nowMs) => {
    grantAllowance();
    return decision(context, nowMs);
  };
}
