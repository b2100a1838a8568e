/** What each verdict is called, and what it means for what happens next, for somebody who has never seen one. */
import type { VerdictType } from "@dimmer/spec";

interface VerdictWords {
  readonly name: string;
  readonly meaning: string;
}

export const verdictWords: Readonly<Record<VerdictType, VerdictWords>> = {
  safe: {
    name: "Safe",
    meaning: "Every check has proven that the canary does no harm beyond what the plan tolerates.",
  },
  harm: { name: "Harm", meaning: "Proven to be above the limit, not just a bad moment. It rolls back by itself." },
  undecided: {
    name: "Undecided",
    meaning: "There are enough requests, but neither safety nor harm is proven yet. More requests decide it.",
  },
  "too-little-traffic": {
    name: "Too little traffic",
    meaning: "Too few requests to prove anything. That nothing bad was seen is no proof of safety.",
  },
  "no-data": {
    name: "No data",
    meaning: "No measurements arrive, so nothing is known of now. Silence is not success: it does not go on.",
  },
  immature: {
    name: "Still baking",
    meaning: "The step is watched for its full time before it may go on, however good it looks. Harm would end it now.",
  },
  "source-error": {
    name: "Source error",
    meaning: "The measurements cannot be read, so nothing is known of now, and it does not go on.",
  },
  mismatch: {
    name: "Mismatch",
    meaning:
      "The canary's share of requests does not fit the share of users it is meant for: some instances may not have the " +
      "new weight, or their reports are lost. The comparison cannot be trusted.",
  },
};
