/** Flags inside an application. */
export { createDimmer } from "./create-dimmer.ts";
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
export type { Counters, DimmerStatus, KillStoreStatus, StatusFault, StoreState, StoreStatus } from "./status.ts";
