/** A rollout of a flag that nobody can get would only wait for traffic that never comes; so it is refused, with the way out. */
import type { StageName } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { findBlocker, type Blocker } from "../flags/find-blocker.ts";
import type { FlagSetState } from "../flags/flag-service.ts";
import type { FlagSurroundings } from "../flags/flag-views.ts";
import { wordsOf } from "../flags/exposure.ts";
import { inEnvironment, shellWord } from "../flags/undo-command.ts";

/** What decides about a flag beside its definition. */
export interface RolloutSurroundings extends Pick<FlagSurroundings, "killedFlags" | "nowMs"> {
  /** The stage that follows, where that is what turns a flag on. */
  readonly nextStageTurningOn: (flag: string) => StageName | undefined;
}

/**
 * @throws `rollout_precondition` when the flag, or one it needs, is killed, disabled, or off for everyone.
 */
export function refuseBlocked(state: FlagSetState, flag: string, surroundings: RolloutSurroundings): void {
  const blocker = findBlocker(state, flag, surroundings);
  if (blocker === undefined) return;
  const what = blocker.flag === flag ? "it" : `it needs '${blocker.flag}', which`;
  const next = wayOut(state, blocker, surroundings);
  throw new DimmerError(
    "rollout_precondition",
    `Nobody would get '${flag}': ${what} is ${words[blocker.why]}. ${next.sentence}`,
    { flag, blockedBy: blocker.flag, why: blocker.why, ...(next.command === undefined ? {} : { next: next.command }) },
  );
}

const words = { killed: "killed", disabled: "disabled", off: "off for everyone" } as const;

/** What to run next, and what it does. */
function wayOut(
  { flagSet, compiled }: FlagSetState,
  { flag, why }: Blocker,
  { nextStageTurningOn }: RolloutSurroundings,
): { readonly sentence: string; readonly command?: string } {
  const elsewhere = inEnvironment(flagSet.environment);
  if (why === "killed") {
    const command = `dimmer revive flag ${shellWord(flag)}${elsewhere}`;
    return { command, sentence: `'${command}' takes the kill back.` };
  }
  const stage = nextStageTurningOn(flag);
  if (stage !== undefined) {
    const command = `dimmer stage ${stage}${elsewhere}`;
    return { command, sentence: `'${command}' turns it on.` };
  }
  const onVariant = compiled.flags.get(flag)?.onVariants[0];
  const value = onVariant === undefined ? undefined : compiled.flags.get(flag)?.variants.get(onVariant);
  if (value === undefined) return { sentence: "It has no on-variant: give it onVariants." };
  const command = `dimmer flags set ${shellWord(flag)} ${shellWord(wordsOf(value))}${elsewhere}`;
  return { command, sentence: `'${command}' turns it on.` };
}
