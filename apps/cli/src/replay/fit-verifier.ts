/** Fits the verifier anew and says what the fit is worth on questions it has not seen. */
import { createHash } from "node:crypto";
import { signalNames } from "@dimmer/orchestrator";
import type { ScoreModel, Verification } from "@dimmer/orchestrator";
import { chooseThreshold, fitScore, scoreOf } from "./fit-score.ts";
import { readMarkedQuestions } from "./marked-questions.ts";
import type { MarkedQuestion } from "./marked-questions.ts";
import { cascadeAt } from "./outcome.ts";

/** Weights and threshold for packages/orchestrator/src/verifier/score-model.ts. */
export interface VerifierFit {
  /** Fitted on the fitting half. */
  readonly model: ScoreModel;
  readonly threshold: number;
  /** What the whole procedure, choosing the threshold included, reaches on questions it has not seen. */
  readonly crossValidated: { readonly accuracyDifference: number; readonly saving: number };
}

/** Fits the verifier on a replay file. Throws `data_invalid` for a file that cannot be used. */
export async function fitVerifier(file: string): Promise<VerifierFit> {
  const questions = await readMarkedQuestions(file);
  return {
    model: fitScore(questions.filter((question) => question.isFitting)),
    threshold: chooseThreshold(questions),
    crossValidated: crossValidate(questions),
  };
}

/** The fit as score-model.ts writes it, and what it is worth. */
export function describeFit({ model, threshold, crossValidated }: VerifierFit): string {
  const { accuracyDifference, saving } = crossValidated;
  return [
    `  intercept: ${model.intercept},`,
    "  weights: {",
    ...signalNames.map((name) => `    ${name}: ${model.weights[name]},`),
    "  },",
    `defaultThreshold = ${threshold}`,
    `cross-validated: ${(100 * accuracyDifference).toFixed(2)} points, ${(100 * saving).toFixed(1)} % saved`,
  ].join("\n");
}

const folds = 10;

/** Tenfold: weights and threshold for each tenth come from the other nine. */
function crossValidate(questions: readonly MarkedQuestion[]): VerifierFit["crossValidated"] {
  let gained = 0;
  let cost = 0;
  for (let fold = 0; fold < folds; fold += 1) {
    const training = questions.filter((question) => foldOf(question) !== fold);
    const model = fitScore(training.filter((question) => question.isFitting));
    const threshold = chooseThreshold(training);
    for (const question of questions.filter((candidate) => foldOf(candidate) === fold)) {
      const verification: Verification = { type: "scored", score: scoreOf(question, model) };
      const { isCheap, costMicroUsd } = cascadeAt({ ...question, verification }, threshold);
      if (isCheap) gained += Number(question.isCheapRight) - Number(question.isStrongRight);
      cost += costMicroUsd;
    }
  }
  const strongCost = questions.reduce((sum, question) => sum + question.strongCostMicroUsd, 0);
  return { accuracyDifference: gained / questions.length, saving: 1 - cost / strongCost };
}

/** Another byte of the question's hash than the one that decides its half. */
function foldOf(question: MarkedQuestion): number {
  return (createHash("sha256").update(question.prompt).digest()[1] ?? 0) % folds;
}
