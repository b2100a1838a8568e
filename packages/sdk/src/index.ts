/** Flags inside an application. */
export { createDimmer } from "./create-dimmer.ts";
export { defineFlags } from "./define-flags.ts";
export type {
  DefinedFlags,
  FlagGetters,
  Immutable,
  TypedDetails,
  TypedFlags,
  ValuesOf,
  Widened,
} from "./define-flags.ts";
export { connectFromEnvironment, createDimmerFromEnvironment } from "./from-environment.ts";
export type { ControlPlaneConnection, FromEnvironmentOptions } from "./from-environment.ts";
export type {
  DetailsErrorCode,
  Dimmer,
  DimmerEvents,
  DimmerOptions,
  EvaluationDetails,
  JsonObject,
  KillInput,
  KillOutcome,
  ObservationInput,
  ObservationSink,
  ReplicaSink,
} from "./dimmer.ts";
export type { Exposure } from "./exposure-counter.ts";
export type { Counters, DimmerStatus, KillStoreStatus, StatusFault, StoreState, StoreStatus } from "./status.ts";
// For those who put stores, clocks and contexts together without importing the packages below.
export { systemClock } from "@dimmer/api-client";
export type { ApiClient, Clock } from "@dimmer/api-client";
export type { Evaluation, EvaluationContext, FlagMetadata, Reason } from "@dimmer/engine";
export type { KillStore, StoreReader } from "@dimmer/stores";
