/** What a rollout does to flags: its own to a weight, the linked ones off. */
import type { Edit, Flag, Rollout } from "@dimmer/spec";
import type { FlagSetState } from "../flags/flag-service.ts";

/** The rollout's flag at a weight; whoever it is sticky by stays. */
export function weightEdit(flag: string, definition: Flag | undefined, weightPercent: number): Edit {
  const strategy = definition?.strategy;
  const stickiness = strategy !== undefined && "stickiness" in strategy ? strategy.stickiness : undefined;
  return {
    type: "expose",
    flag,
    strategy: { type: "percentage", percentage: weightPercent, ...(stickiness === undefined ? {} : { stickiness }) },
  };
}

/**
 * The rollout's flag to 0, linked flags to their safe variant. A rollback must never fail over a linked flag, so those
 * that are gone, locked, or another rollout's are left out.
 */
export function rollbackEdits(rollout: Rollout, state: FlagSetState, owners: ReadonlyMap<string, string>): Edit[] {
  const edits: Edit[] = [];
  const own = state.flagSet.flags[rollout.flag];
  if (own !== undefined && own.locked === undefined) edits.push(weightEdit(rollout.flag, own, 0));
  for (const key of rollout.linkedFlags) {
    const definition = state.flagSet.flags[key];
    const safeVariant = state.compiled.flags.get(key)?.safeVariant;
    const owner = owners.get(key);
    if (definition === undefined || definition.locked !== undefined || safeVariant === undefined) continue;
    if (owner !== undefined && owner !== rollout.id) continue;
    const value = definition.variants[safeVariant];
    if (value !== undefined) edits.push({ type: "serve", flag: key, value });
  }
  return edits;
}
