/** An environment in numbers, for metrics; from memory, so that it answers while the database does not. */
import type { EnvironmentNumbers } from "../http/metrics.ts";
import type { StatusServices } from "./environment-status.ts";

export function environmentNumbers(
  { flags, kills, replicas, rollouts }: Pick<StatusServices, "flags" | "kills" | "replicas" | "rollouts">,
  environment: string,
): EnvironmentNumbers {
  const { killVersion, active } = kills.state(environment);
  return {
    environment,
    flagSetVersion: flags.state(environment).flagSet.version,
    killVersion,
    activeKills: active.length,
    connectedReplicas: replicas.list(environment).filter((replica) => replica.isConnected).length,
    unfinishedRollouts: rollouts
      .latest(environment)
      .filter((rollout) => rollout.endedAt === undefined)
      .map(({ flag, status, plan, stepIndex }) => ({
        flag,
        status,
        weightPercent: plan.steps[stepIndex]?.weightPercent ?? 0,
      })),
  };
}
