/** Orchestration v2 behind the gateway's Router port: cheap first, verified, escalated. */
export { createCascadeRouter, type CascadeOptions } from "./cascade-router.ts";
export { defaultThreshold, scoreModel, scoreSignals, signalNames, type ScoreModel } from "./verifier/score-model.ts";
export { canReach, verifyAnswer, type Verification } from "./verifier/verify-answer.ts";
export { type AnswerFault } from "./verifier/answer-form.ts";
export { readDemand, type Demand } from "./demand.ts";
export { type Answer } from "./answer.ts";
export { findCalculations, type Calculation } from "./verifier/calculation.ts";
export { readSignals, type AnswerSignals } from "./verifier/answer-signals.ts";
export { readFinalAnswer, type FinalAnswer } from "./verifier/final-answer.ts";
