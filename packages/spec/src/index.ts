/** The vocabulary and the wire of Dimmer. Loads zod: applications import types from here and values from the subpaths. */
export { contract, type Contract, type RouteForms } from "./contract.ts";
export { routes, type Route, type RouteName } from "./routes.ts";
export {
  allAtOnceStrategy, bucketing, canaryStrategy, flag, flagDefinitions, flagSet, flagValue, percentageStrategy, progressiveStrategy,
  strategy, type Bucketing, type Flag, type FlagDefinitions, type FlagSet, type FlagValue, type Strategy,
} from "./flag-set.ts";
export { kill, killScope, killSet, revive, type Kill, type KillScope, type KillSet, type Revive } from "./kill.ts";
export { changeResult, changeSetRequest, edit, type ChangeResult, type ChangeSetRequest, type Edit } from "./change-set.ts";
export {
  enterStageRequest, stage, stageName, stageStatus, type EnterStageRequest, type Stage, type StageStatus,
} from "./stage.ts";
export { stageNames, type StageName } from "./stage-names.ts";
export {
  absencePolicy, armCounts, checkEvidence, checkName, checkResult, evidence, plan, rollout, rolloutAction, rolloutPoint,
  rolloutStatus, startRolloutRequest, step, verdict, verdictType, type AbsencePolicy, type ArmCounts, type CheckEvidence,
  type CheckName, type CheckResult, type Evidence, type Plan, type PlanInput, type Rollout, type RolloutAction, type RolloutPoint,
  type RolloutStatus, type StartRolloutRequest, type Step, type Verdict, type VerdictType,
} from "./rollout.ts";
export { observation, observationBatch, type Observation, type ObservationBatch } from "./observation.ts";
export {
  auditEntry, createTokenRequest, environment, environmentName, environmentStatus, flagHistoryEntry, flagView, killRequest, killResult,
  killState, replica, replicaReport, reviveRequest, scope, streamEvent, token, type AuditEntry, type Environment,
  type EnvironmentStatus, type FlagHistoryEntry, type FlagView, type KillRequest, type KillResult, type KillState, type Replica,
  type ReplicaReport,
  type ReviveRequest, type Scope, type StreamEvent, type StreamTopic, type Token,
} from "./control-plane.ts";
export { DimmerError, errorTable, isErrorCode, type ErrorBody, type ErrorCode, type ErrorDefinition, type ErrorDetails, type ErrorKind } from "./errors.ts";
