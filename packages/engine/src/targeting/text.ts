/** `cat substr starts_with ends_with`. */
import { limits } from "../limits.ts";
import { exhausted } from "./allowance.ts";
import type { Expression, Operator, OperatorTable } from "./expression.ts";
import { binary, compileArguments, literal, valuesOperator } from "./expression.ts";
import { isList, isRecord, isText, toNumber, toText } from "./values.ts";

function concatenate(values: readonly unknown[]): string {
  let text = "";
  for (const value of values) text += toText(value);
  if (text.length > limits.textLength) throw exhausted;
  return text;
}

/** A negative start counts from the end; a negative length leaves that many characters off. */
function substring(values: readonly unknown[]): string | null {
  const [text, from, length] = values;
  if (typeof text !== "string") return null;
  const start = Math.trunc(toNumber(from)) || 0;
  const rest = text.slice(start);
  return length === undefined || length === null ? rest : rest.slice(0, Math.trunc(toNumber(length)) || 0);
}

type Test = (text: string, part: string) => boolean;
type Apply = (value: unknown, other: unknown) => boolean | null;

/** flagd's prefix and suffix tests: null, not false, when either side is no text, so that the default is served. */
function affix(test: Test): Operator {
  const apply: Apply = (value, other) => (isText(value) && isText(other) ? test(value, other) : null);
  return (unit, args, place) => {
    const [text, part] = compileArguments(unit, args, place);
    if (!isList(args) || args.length !== 2 || text === undefined || part === undefined) {
      return unit.warn(place, "wrong-arguments");
    }
    const known = part.constant?.value;
    if (known !== undefined && !isText(known)) return unit.warn(place, "wrong-arguments", known);
    if (text.constant !== undefined && known !== undefined) return literal(apply(text.constant.value, known));
    return known === undefined || text.attribute === undefined
      ? binary(apply, text.run, part.run)
      : withKnown(apply, text.attribute, known);
  };
}

function withKnown(apply: Apply, attribute: string, part: string): Expression {
  return { run: (data) => (isRecord(data) ? apply(data[attribute], part) : null) };
}

export const textOperators: OperatorTable = {
  cat: valuesOperator(concatenate),
  substr: valuesOperator(substring),
  starts_with: affix((text, part) => text.startsWith(part)),
  ends_with: affix((text, part) => text.endsWith(part)),
};
