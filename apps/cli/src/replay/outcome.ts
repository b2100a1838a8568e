/** One question of a replay with everything known of it afterwards: what was asked, answered, marked and paid. */
import { canReach, readDemand, readFinalAnswer, verifyAnswer } from "@dimmer/orchestrator";
import type { Demand, Verification } from "@dimmer/orchestrator";
import type { Marks, RecordedQuestion } from "./replay-file.ts";
import { cheapModel, costOfAnswer, strongModel } from "./replay-models.ts";

/** A question with its verification, its marks and its costs. */
export interface Outcome extends Marks {
  readonly prompt: string;
  readonly demand: Demand;
  /** Of the cheap answer. */
  readonly verification: Verification;
  /** Whether both models come to the same number. */
  readonly isAgreed: boolean;
  readonly cheapCostMicroUsd: number;
  readonly strongCostMicroUsd: number;
}

/** Everything that can be said of a question without its marks: they come in last, and from elsewhere. */
export function examine(question: RecordedQuestion): Omit<Outcome, keyof Marks> {
  const { prompt, cheapAnswer, strongAnswer } = question;
  const demand = readDemand({ model: "replay", messages: [{ role: "user", content: prompt }] });
  const [cheap, strong] = [readFinalAnswer(cheapAnswer), readFinalAnswer(strongAnswer)];
  return {
    prompt,
    demand,
    verification: verifyAnswer(demand, { text: cheapAnswer, finishReason: "stop" }),
    isAgreed: cheap !== undefined && cheap.value === strong?.value,
    cheapCostMicroUsd: costOfAnswer(cheapModel, prompt, cheapAnswer),
    strongCostMicroUsd: costOfAnswer(strongModel, prompt, strongAnswer),
  };
}

/** What the cascade makes of a question at a threshold: which model's answer is delivered, at which cost. */
export function cascadeAt(
  outcome: Outcome,
  threshold: number,
): { readonly isCheap: boolean; readonly costMicroUsd: number } {
  const { demand, verification, cheapCostMicroUsd, strongCostMicroUsd } = outcome;
  if (!canReach(demand, threshold)) return { isCheap: false, costMicroUsd: strongCostMicroUsd };
  if (verification.type === "scored" && verification.score >= threshold)
    return { isCheap: true, costMicroUsd: cheapCostMicroUsd };
  return { isCheap: false, costMicroUsd: cheapCostMicroUsd + strongCostMicroUsd };
}
