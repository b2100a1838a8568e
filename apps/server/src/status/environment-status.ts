/** One look at everything a person asks first; from memory, so that it answers while the database does not. */
import type { EnvironmentStatus } from "@dimmer/spec";
import type { FlagService } from "../flags/flag-service.ts";
import type { KillService } from "../kills/kill-service.ts";
import type { ReplicaRegistry } from "../replicas/replica-registry.ts";
import type { RolloutService } from "../rollouts/rollout-service.ts";
import type { StageService } from "../stages/stage-service.ts";
import type { WatchedStorage } from "../storage/watched-storage.ts";
import type { ReadOnlyMode } from "./read-only-mode.ts";

export interface StatusServices {
  readonly flags: FlagService;
  readonly kills: KillService;
  readonly stages: StageService;
  readonly rollouts: RolloutService;
  readonly replicas: ReplicaRegistry;
  readonly readOnlyMode: ReadOnlyMode;
  readonly storage: Pick<WatchedStorage, "isHealthy">;
}

export function readStatus(services: StatusServices, environment: string): EnvironmentStatus {
  const kills = services.kills.state(environment);
  return {
    environment,
    version: services.flags.state(environment).flagSet.version,
    killVersion: kills.killVersion,
    isReadOnly: services.readOnlyMode.isOn(environment),
    isStorageWritable: services.storage.isHealthy,
    stage: services.stages.status(environment),
    activeKills: kills.active,
    rollouts: services.rollouts.latest(environment),
    replicas: services.replicas.list(environment),
  };
}
