/** A served set as the JSON text flagd clients take, made once per state and shared by all of them. */
import type { ServedFlagSet } from "../flags/served-flags.ts";

const messages = new WeakMap<ServedFlagSet, LoweredMessage>();
const flagTexts = new WeakMap<ServedFlagSet, ReadonlyMap<string, string>>();

/** The whole definition, as the sync service answers it. */
export interface LoweredMessage {
  readonly flagConfiguration: string;
}

/** The same object for the same state. */
export function loweredMessage(flagSet: ServedFlagSet): LoweredMessage {
  const message = messages.get(flagSet) ?? { flagConfiguration: JSON.stringify(flagSet.lowered) };
  messages.set(flagSet, message);
  return message;
}

/** Keys of the flags that are new, different or gone. A change of what all flags share changes every one. */
export function changedFlags(before: ServedFlagSet, after: ServedFlagSet): string[] {
  if (before === after) return [];
  const [old, now] = [textsOf(before), textsOf(after)];
  const isShared = sharedText(before) === sharedText(after);
  return [...new Set([...old.keys(), ...now.keys()])].filter((key) => !isShared || old.get(key) !== now.get(key));
}

function textsOf(flagSet: ServedFlagSet): ReadonlyMap<string, string> {
  const known = flagTexts.get(flagSet);
  if (known !== undefined) return known;
  const made = new Map(Object.entries(flagSet.lowered.flags).map(([key, flag]) => [key, JSON.stringify(flag)]));
  flagTexts.set(flagSet, made);
  return made;
}

function sharedText({ lowered: { flags: _flags, ...shared } }: ServedFlagSet): string {
  return JSON.stringify(shared);
}
