/** `if ! !! and or`: conditions inside expressions. An `if` that gives the flag's variant is compiled in decision.ts. */
import type { Operator, OperatorTable, Run } from "./expression.ts";
import { compileArguments, isConstant, literal, nullExpression } from "./expression.ts";
import { isList, isTruthy } from "./values.ts";

/** Any number of condition and result pairs, then what holds otherwise; one argument alone is its own result. */
export const conditional: Operator = (unit, args, place) => {
  if (!isList(args)) return unit.warn(place, "wrong-arguments");
  const runs = compileArguments(unit, args, place).map(({ run }) => run);
  return {
    run: (data, nowMs) => {
      let i = 0;
      for (; i + 1 < runs.length; i += 2) {
        if (isTruthy(runs[i]?.(data, nowMs))) return runs[i + 1]?.(data, nowMs);
      }
      return runs[i]?.(data, nowMs) ?? null;
    },
  };
};

/** The first argument whose truth is `stop`, else the last one; the ones after it are not looked at. */
function shortCircuit(stop: boolean): Operator {
  return (unit, args, place) => {
    if (!isList(args)) return unit.warn(place, "wrong-arguments");
    const runs = compileArguments(unit, args, place).map(({ run }) => run);
    return { run: firstThatIs(stop, runs) };
  };
}

function firstThatIs(stop: boolean, runs: readonly Run[]): Run {
  return (data, nowMs) => {
    let value: unknown = null;
    for (const run of runs) {
      value = run(data, nowMs);
      if (isTruthy(value) === stop) return value;
    }
    return value;
  };
}

function truth(wanted: boolean): Operator {
  return (unit, args, place) => {
    const [operand = nullExpression] = compileArguments(unit, args, place);
    if (isConstant(operand)) return literal(isTruthy(operand.constant?.value) === wanted);
    const { run } = operand;
    return { run: (data, nowMs) => isTruthy(run(data, nowMs)) === wanted };
  };
}

export const logicOperators: OperatorTable = {
  if: conditional,
  and: shortCircuit(false),
  or: shortCircuit(true),
  "!": truth(false),
  "!!": truth(true),
};
