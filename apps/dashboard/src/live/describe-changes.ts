/** What somebody who does not see the screen has to be told, in words. Pure. */
import type { EnvironmentStatus, Kill, Rollout } from "@dimmer/spec";
import { nameOfKill } from "../kills/kill-name.ts";
import { currentWeightPercent } from "../rollout/rollout-progress.ts";
import { formatWeight } from "../ui/number-format.ts";

/** Sentences for what changed between two looks at the same environment; none when nothing did. */
export function describeChanges(before: EnvironmentStatus, after: EnvironmentStatus): string[] {
  const sentences: string[] = [];
  if (before.stage.current !== after.stage.current)
    sentences.push(`Stage ${after.stage.current} entered by ${after.stage.enteredBy}.`);
  for (const kill of missingIn(before.activeKills, after.activeKills)) sentences.push(`Killed: ${nameOfKill(kill)}.`);
  for (const kill of missingIn(after.activeKills, before.activeKills))
    sentences.push(`No longer killed: ${nameOfKill(kill)}.`);
  for (const rollout of after.rollouts) {
    const known = before.rollouts.find(({ id }) => id === rollout.id);
    sentences.push(...describeRollout(known, rollout));
  }
  if (before.isReadOnly !== after.isReadOnly)
    sentences.push(after.isReadOnly ? "Read-only mode is on." : "Read-only mode is off.");
  if (before.isStorageWritable !== after.isStorageWritable) {
    sentences.push(
      after.isStorageWritable
        ? "The control plane can write to its storage again."
        : "The control plane cannot write to its storage.",
    );
  }
  return sentences;
}

function describeRollout(before: Rollout | undefined, after: Rollout): string[] {
  if (before === undefined) return [`Rollout of ${after.flag}, attempt ${after.attempt}, is ${after.status}.`];
  if (before.status !== after.status) return [`Rollout of ${after.flag} is now ${after.status}: ${after.reason}`];
  if (before.stepIndex !== after.stepIndex)
    return [`Rollout of ${after.flag} is now at ${formatWeight(currentWeightPercent(after))}.`];
  const verdict = after.verdict?.type;
  if (verdict !== undefined && verdict !== before.verdict?.type) return [`Verdict on ${after.flag}: ${verdict}.`];
  return [];
}

/** Those of `wanted` that `others` lacks. */
function missingIn(others: readonly Kill[], wanted: readonly Kill[]): Kill[] {
  const known = new Set(others.map(({ id }) => id));
  return wanted.filter(({ id }) => !known.has(id));
}
