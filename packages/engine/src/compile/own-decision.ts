/**
 * A flag's own rules as one decision. On a flag with both, targeting decides first; where it gives null the strategy
 * does, and where there is no strategy the default variant is served.
 */
import type { FlagSource } from "../compiled-flag-set.ts";
import { decide, type Decision, type Reason } from "../evaluation.ts";
import { strategyDecision } from "../strategy/strategy-decision.ts";
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
  const fallback = observed(unit, compileFallback(unit, source, answers));
  const { targeting } = source;
  const decision =
    targeting === undefined
      ? fallback
      : compileDecision({ unit, answers, otherwise: fallback }, targeting, new Place(source.pointer, "targeting"));
  return { decision: finish(unit, source, answers, decision), isTimed: unit.isTimed };
}

function compileFallback(unit: FlagUnit, source: FlagSource, answers: Answers): Decision {
  const { strategy, onVariants, offVariant, defaultVariant } = source;
  const constant = source.targeting === undefined ? "STATIC" : "DEFAULT";
  if (strategy === undefined) return answers.byDefault(defaultVariant, constant);
  const [onVariant] = onVariants;
  const place = new Place(source.pointer, "strategy");
  const arms = {
    on: (reason: Reason) => answers.answer(onVariant, reason),
    off: (reason: Reason) => answers.byDefault(offVariant, reason),
  };
  return strategyDecision({ unit, arms, everyone: constant, place }, strategy);
}

/** For `explain`, a fallback that says when it is asked. */
function observed({ trace }: FlagUnit, fallback: Decision): Decision {
  if (trace === undefined) return fallback;
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
  if (!unit.isIterating || typeof decision !== "function") return decision;
  return (context, nowMs) => {
    grantAllowance();
    return decision(context, nowMs);
  };
}
