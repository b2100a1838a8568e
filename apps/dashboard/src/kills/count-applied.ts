/** How far a kill has reached. Pure. */
import type { KillResult, Replica } from "@dimmer/spec";

/** Connected replicas, and those of them that have confirmed the kill's version: at least as many as the answer said. */
export function countApplied(result: KillResult, replicas: readonly Replica[]): { applied: number; connected: number } {
  const connected = replicas.filter(({ isConnected }) => isConnected);
  const applied = connected.filter(({ killVersion }) => killVersion >= result.killVersion).length;
  // The list of replicas may be older than the answer; then the answer knows better.
  if (applied < result.replicas.applied) return result.replicas;
  return { applied, connected: connected.length };
}
