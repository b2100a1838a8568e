/** Every feature of the control plane, each given what it asks of the others. Nothing is read or written yet. */
import {
  catalogDefinitions,
  defaultLinkedFlags,
  defaultRolloutFlag,
  planPresets,
  stages as stageSequence,
} from "@dimmer/catalog";
import type { KillStore } from "@dimmer/stores";
import type { Clock } from "./clock.ts";
import { EnvironmentService } from "./environments/environment-service.ts";
import { FlagService } from "./flags/flag-service.ts";
import { ServedFlags } from "./flags/served-flags.ts";
import { DeferredAudit } from "./kills/deferred-audit.ts";
import { KillService } from "./kills/kill-service.ts";
import type { Log } from "./log.ts";
import { ObservationService } from "./observations/observation-service.ts";
import { ReplicaRegistry } from "./replicas/replica-registry.ts";
import { RolloutLoop } from "./rollouts/rollout-loop.ts";
import { RolloutService } from "./rollouts/rollout-service.ts";
import { findOwners, makeDue } from "./rollouts/rollout-table.ts";
import { StageService } from "./stages/stage-service.ts";
import { ReadOnlyMode } from "./status/read-only-mode.ts";
import { createCommits, type Commits } from "./storage/commits.ts";
import type { WatchedStorage } from "./storage/watched-storage.ts";
import { StreamHub } from "./stream/stream-hub.ts";
import { TokenService } from "./tokens/token-service.ts";

/** What of the world the features work with. */
export interface Resources {
  readonly storage: WatchedStorage;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly openKillStore: (environment: string) => KillStore;
  readonly reconcileIntervalMs: number;
}

/** The features, and what they work with. */
export interface Services extends Resources {
  readonly commits: Commits;
  readonly tokens: TokenService;
  readonly environments: EnvironmentService;
  readonly flags: FlagService;
  readonly kills: KillService;
  readonly deferredAudit: DeferredAudit;
  readonly readOnlyMode: ReadOnlyMode;
  readonly stages: StageService;
  readonly rollouts: RolloutService;
  readonly rolloutLoop: RolloutLoop;
  readonly observations: ObservationService;
  readonly replicas: ReplicaRegistry;
  /** The stream that clients follow. */
  readonly hub: StreamHub;
  /** What OFREP and flagd serve. */
  readonly served: ServedFlags;
}

/** Makes them. What needs another that is made later asks for it when it is called. */
export function createServices(resources: Resources): Services {
  const { storage, clock, log, newId } = resources;
  const commits = createCommits(storage, clock, log);
  const hub = new StreamHub(clock, newId());
  const replicas = new ReplicaRegistry(clock, (environment, list) =>
    hub.publish(environment, { event: "replicas", data: list }),
  );

  const deferredAudit = new DeferredAudit(commits, clock, log);
  const kills = new KillService({
    clock,
    log,
    newId,
    openStore: resources.openKillStore,
    publish: (environment, state) => {
      hub.publish(environment, { event: "kills", data: state });
      served.changed(environment);
    },
    awaitReplicas: async (environment, version, deadlineMs) =>
      await replicas.awaitKillVersion(environment, version, deadlineMs),
    audit: (record) => deferredAudit.add(record),
  });

  const flags = new FlagService({ storage, commits, newId, findOwners });
  const served = new ServedFlags({
    flagSet: (environment) => flags.state(environment),
    kills: (environment) => kills.state(environment),
    killedFlags: (environment) => kills.killedFlags(environment),
    log,
  });
  const readOnlyMode = new ReadOnlyMode(flags, kills, clock);

  const rollouts = new RolloutService({
    storage,
    commits,
    flags,
    newId,
    presets: planPresets,
    linkedFlags: (flag) => (flag === defaultRolloutFlag ? defaultLinkedFlags : []),
    stageFlag: defaultRolloutFlag,
    surroundings: (environment) => ({
      killedFlags: kills.killedFlags(environment),
      nowMs: clock.nowMs(),
      nextStageTurningOn: (flag) => stages.nextStageTurningOn(environment, flag),
    }),
  });
  const rolloutLoop = new RolloutLoop({
    commits,
    clock,
    log,
    flags,
    rollouts,
    owner: newId(),
    intervalMs: resources.reconcileIntervalMs,
    hasUnfinished: () => environments.names().some((environment) => rollouts.owners(environment).size > 0),
    isReadOnly: (environment) => readOnlyMode.isOn(environment),
  });
  const observations = new ObservationService({
    commits,
    arrived: async (commit, environment, names) => await makeDue(commit.writer, environment, names, commit.nowMs),
    committed: () => rolloutLoop.wake(),
  });

  const stages = new StageService({
    storage,
    commits,
    clock,
    flags,
    stages: stageSequence,
    definitions: catalogDefinitions,
    rollouts: {
      abort: async (commit, environment, aborted, author) => await rollouts.abort(commit, environment, aborted, author),
      whyIncomplete: async (reader, environment) => await rollouts.whyIncomplete(reader, environment),
      ownedFlags: (environment) => new Set(rollouts.owners(environment).keys()),
    },
  });
  const environments = new EnvironmentService({ storage, commits, flags, stages, definitions: catalogDefinitions });
  const tokens = new TokenService(storage, commits, clock);

  return {
    ...resources,
    commits,
    tokens,
    environments,
    flags,
    kills,
    deferredAudit,
    readOnlyMode,
    stages,
    rollouts,
    rolloutLoop,
    observations,
    replicas,
    hub,
    served,
  };
}
