/**
 * OpenFeature lets a context hold dates, JSON does not. Over every protocol a date becomes its ISO text, so here it does
 * too: the same rule then gives the same answer in process. In that form dates compare as texts, in their order.
 */
import type { EvaluationContext } from "@dimmer/engine";
import type { EvaluationContextValue, EvaluationContext as OpenFeatureContext } from "@openfeature/server-sdk";

/** Objects are looked into this deep; a context that holds itself must not hold up an evaluation. */
const DEEPEST = 8;

type Fields = Readonly<Record<string, EvaluationContextValue | undefined>>;

/** The context with its dates as text, an invalid one as null; the very same object when it has none, as nearly always. */
export function plainContext(context: OpenFeatureContext): EvaluationContext {
  return holdsDate(context, DEEPEST) ? withoutDates(context, DEEPEST) : context;
}

/** Walked at every evaluation: neither a list of the values nor a closure is made. */
function holdsDate(fields: Fields, depth: number): boolean {
  for (const name in fields) if (isOrHoldsDate(fields[name], depth - 1)) return true;
  return false;
}

function isOrHoldsDate(value: EvaluationContextValue | undefined, depth: number): boolean {
  if (typeof value !== "object" || value === null || depth === 0) return false;
  if (value instanceof Date) return true;
  return Array.isArray(value) ? value.some((inner) => isOrHoldsDate(inner, depth - 1)) : holdsDate(value, depth);
}

function withoutDates(fields: Fields, depth: number): EvaluationContext {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, dateAsText(value, depth - 1)]));
}

function dateAsText(value: EvaluationContextValue | undefined, depth: number): unknown {
  if (typeof value !== "object" || value === null || depth === 0) return value;
  if (value instanceof Date) return value.toJSON();
  return Array.isArray(value) ? value.map((inner) => dateAsText(inner, depth - 1)) : withoutDates(value, depth);
}
