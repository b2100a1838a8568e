/** The one body OFREP knows: `{context}`, both of it optional. */
import type { EvaluationContext } from "@dimmer/engine";
import { DimmerError } from "@dimmer/spec/errors";

/** @throws `invalid_request`. */
export function parseContext(body: string): EvaluationContext {
  if (body === "") return {};
  const context = member(parseJson(body), "context") ?? {};
  if (!isRecord(context)) throw invalid("'context' is not an object");
  if (hasTargetingKey(context)) return context;
  if (context["targetingKey"] !== null) throw invalid("'context.targetingKey' is not a string");
  return { ...context, targetingKey: undefined };
}

/** Whether the key, if there is one, is what it must be. */
function hasTargetingKey(context: Readonly<Record<string, unknown>>): context is EvaluationContext {
  const targetingKey = context["targetingKey"];
  return targetingKey === undefined || typeof targetingKey === "string";
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function member(body: unknown, name: string): unknown {
  if (!isRecord(body)) throw invalid("the body is not an object");
  return Object.hasOwn(body, name) ? body[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(what: string): DimmerError {
  return new DimmerError("invalid_request", `The request does not have the form {"context": {…}}: ${what}.`);
}
