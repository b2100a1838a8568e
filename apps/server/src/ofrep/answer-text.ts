/**
 * Evaluations as OFREP writes them. The engine shares one frozen evaluation between all that come to the same result,
 * so each is written once.
 */
import type { Evaluation } from "@dimmer/engine";

const texts = new WeakMap<Evaluation, string>();

/** `{key, value?, reason, variant?, metadata}`, or `{key, errorCode, errorDetails, metadata}`. Without a value the caller's own default holds. */
export function answerText(evaluation: Evaluation): string {
  const known = texts.get(evaluation);
  if (known !== undefined) return known;
  const { flagKey: key, value, variant, reason, errorCode, errorMessage: errorDetails, metadata } = evaluation;
  const text = JSON.stringify(
    errorCode === undefined ? { key, value, reason, variant, metadata } : { key, errorCode, errorDetails, metadata },
  );
  texts.set(evaluation, text);
  return text;
}

/** The status a single evaluation is answered with. */
export function answerStatus({ errorCode }: Evaluation): 200 | 400 | 404 {
  if (errorCode === undefined) return 200;
  return errorCode === "FLAG_NOT_FOUND" ? 404 : 400;
}
