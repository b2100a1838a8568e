/**
 * Fits the verifier's weights anew and says what they are worth:
 *
 *     node apps/cli/src/replay/fit-main.ts --data gsm8k_responses.csv
 *
 * Prints the weights for packages/orchestrator/src/verifier/score-model.ts, the threshold, and what the whole procedure
 * (fitting and choosing the threshold) reaches on questions it has not seen, by tenfold cross-validation.
 */
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { findCalculations, readSignals, signalNames } from "@dimmer/orchestrator";
import { DimmerError } from "@dimmer/spec/errors";
import { chooseThreshold, fitScore, scoreOf } from "./fit-score.ts";
import type { MarkedAnswer } from "./fit-score.ts";
import { examine } from "./outcome.ts";
import type { Outcome } from "./outcome.ts";
import { readReplayFile } from "./replay-file.ts";
import { isFittingQuestion } from "./split.ts";

const folds = 10;

interface Row extends MarkedAnswer, Pick<Outcome, "prompt" | "cheapCostMicroUsd" | "strongCostMicroUsd"> {}

async function readRows(path: string): Promise<readonly Row[]> {
  const { questions, marks } = await readReplayFile(path);
  return questions.map((question, index) => {
    const outcome = { ...examine(question), ...(marks[index] ?? { isCheapRight: false, isStrongRight: false }) };
    const isScored = outcome.demand.type === "number" && outcome.verification.type === "scored";
    const signals = isScored ? readSignals(question.prompt, question.cheapAnswer, findCalculations(question.cheapAnswer)) : undefined;
    return { ...outcome, signals, isFitting: isFittingQuestion(question.prompt) };
  });
}

/** Tenfold cross-validation of everything that is fitted: weights and threshold come from the other nine folds. */
function crossValidate(rows: readonly Row[]): { readonly loss: number; readonly saving: number } {
  let right = 0;
  let cost = 0;
  for (let fold = 0; fold < folds; fold += 1) {
    const training = rows.filter((row) => foldOf(row) !== fold);
    const model = fitScore(training.filter((row) => row.isFitting));
    const threshold = chooseThreshold(training);
    for (const row of rows.filter((candidate) => foldOf(candidate) === fold)) {
      const isCheap = scoreOf(row, model) >= threshold;
      right += Number(isCheap ? row.isCheapRight : row.isStrongRight) - Number(row.isStrongRight);
      cost += row.cheapCostMicroUsd + (isCheap ? 0 : row.strongCostMicroUsd);
    }
  }
  return { loss: -right / rows.length, saving: 1 - cost / rows.reduce((sum, row) => sum + row.strongCostMicroUsd, 0) };
}

/** Independent of the halves: another byte of the question's hash. */
function foldOf(row: Row): number {
  return (createHash("sha256").update(row.prompt).digest()[1] ?? 0) % folds;
}

const { values } = parseArgs({ options: { data: { type: "string" } } });
if (values.data === undefined) throw new DimmerError("usage", "Name the file: --data gsm8k_responses.csv.");
const rows = await readRows(values.data);
const model = fitScore(rows.filter((row) => row.isFitting));
const { loss, saving } = crossValidate(rows);
const lines = [
  `  intercept: ${model.intercept},`,
  "  weights: {",
  ...signalNames.map((name) => `    ${name}: ${model.weights[name]},`),
  "  },",
  `defaultThreshold = ${chooseThreshold(rows)}`,
  `cross-validated: ${(100 * loss).toFixed(2)} points lost, ${(100 * saving).toFixed(1)} % saved`,
];
process.stdout.write(`${lines.join("\n")}\n`);
