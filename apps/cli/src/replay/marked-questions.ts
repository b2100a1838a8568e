/** Questions with their marks, as the fit needs them. */
import { findCalculations, readSignals } from "@dimmer/orchestrator";
import type { MarkedAnswer } from "./fit-score.ts";
import { examine } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { readReplayFile } from "./replay-file.ts";
import { isFittingQuestion } from "./split.ts";

export interface MarkedQuestion extends MarkedAnswer, Outcome {}

/** Reads a replay file for fitting. */
export async function readMarkedQuestions(path: string): Promise<readonly MarkedQuestion[]> {
  const { questions, marks } = await readReplayFile(path);
  return marks.flatMap((mark, index) => {
    const question = questions[index];
    if (question === undefined) return [];
    const outcome: Outcome = { ...examine(question), ...mark };
    const { prompt, cheapAnswer } = question;
    const isScored = outcome.demand.type === "number" && outcome.verification.type === "scored";
    const signals = isScored ? readSignals(prompt, cheapAnswer, findCalculations(cheapAnswer)) : undefined;
    return [{ ...outcome, signals, isFitting: isFittingQuestion(prompt) }];
  });
}
