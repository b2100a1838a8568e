/** Which half of a replay file the verifier's weights were fitted on. */
import { createHash } from "node:crypto";

/**
 * Whether a question belongs to the fitting half; the others are held out. Decided by the question's own hash, so it
 * does not depend on the order of the file or on anything else in it.
 */
export function isFittingQuestion(prompt: string): boolean {
  const first = createHash("sha256").update(prompt).digest()[0] ?? 0;
  return first < 128;
}
