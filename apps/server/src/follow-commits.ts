/** What this process keeps in memory, and what readers of the stream see, follows every commit. */
import { findAudit } from "./audit/audit-log.ts";
import type { EnvironmentService } from "./environments/environment-service.ts";
import type { FlagService } from "./flags/flag-service.ts";
import type { KillService } from "./kills/kill-service.ts";
import type { RolloutService } from "./rollouts/rollout-service.ts";
import type { StageService } from "./stages/stage-service.ts";
import type { Commits } from "./storage/commits.ts";
import type { Storage } from "./storage/storage.ts";
import type { StreamHub } from "./stream/stream-hub.ts";
import type { TokenService } from "./tokens/token-service.ts";

export interface Followers {
  readonly storage: Storage;
  readonly hub: StreamHub;
  readonly environments: EnvironmentService;
  readonly flags: FlagService;
  readonly kills: KillService;
  readonly stages: StageService;
  readonly rollouts: RolloutService;
  readonly tokens: TokenService;
  /** Told when a flag set is another. */
  readonly flagSetChanged: (environment: string) => void;
  /** Told when a rollout was started or changed. */
  readonly rolloutChanged: () => void;
}

/** Reads everything once, and again whatever a commit announces. */
export async function followCommits(commits: Commits, followers: Followers): Promise<void> {
  const { storage, hub, environments, flags, kills, stages, rollouts, tokens, flagSetChanged, rolloutChanged } =
    followers;
  const shownStages = new Map<string, string>();

  async function showFlagSet(environment: string): Promise<void> {
    const { flagSet } = await flags.refresh(environment);
    hub.publish(environment, { event: "flag-set", data: flagSet });
    flagSetChanged(environment);
  }

  /** Drift depends on flags and rollouts as well, and most changes of those leave it as it is. */
  async function showStage(environment: string): Promise<void> {
    const status = await stages.refresh(environment);
    const text = JSON.stringify(status);
    if (shownStages.get(environment) === text) return;
    shownStages.set(environment, text);
    hub.publish(environment, { event: "stage", data: status });
  }

  commits.listen("tokens", async () => await tokens.refresh());
  commits.listen("environments", async (environment) => {
    await environments.refresh();
    await kills.open(environment);
  });
  commits.listen("flag-set", async (environment) => {
    await showFlagSet(environment);
    // An environment that is being created stands nowhere yet.
    if (stages.isKnown(environment)) await showStage(environment);
  });
  commits.listen("stage", showStage);
  commits.listen("rollout", async (environment, id) => {
    const changed = (await rollouts.refresh(environment)).find((rollout) => rollout.id === id);
    if (changed !== undefined) hub.publish(environment, { event: "rollout", data: changed }, changed.flag);
    await showStage(environment);
    rolloutChanged();
  });
  commits.listen("audit", async (environment, id) => {
    const entry = await findAudit(storage.read, Number(id));
    if (entry === undefined) return;
    const names = environments.names();
    // An entry about all environments is shown in each.
    for (const name of names.includes(environment) ? [environment] : names) {
      hub.publish(name, { event: "audit", data: entry }, id);
    }
  });

  await tokens.refresh();
  for (const environment of await environments.refresh()) {
    await kills.open(environment);
    await showFlagSet(environment);
    for (const rollout of await rollouts.refresh(environment)) {
      hub.publish(environment, { event: "rollout", data: rollout }, rollout.flag);
    }
    await showStage(environment);
  }
}
