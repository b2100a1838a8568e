/** The `dimmer` command that takes a change back, as every change prints it. */
import type { Edit, Flag } from "@dimmer/spec";
import { applyEdit, canApplyEdit } from "@dimmer/stores";
import { canonicalJson } from "./canonical-json.ts";
import { wordsOf } from "./exposure.ts";

/** `--environment`, where it is not the one the CLI means by itself. */
export function inEnvironment(environment: string): string {
  return environment === "default" ? "" : ` --environment ${environment}`;
}

/** Quotes one word for a POSIX shell. */
export function shellWord(word: string): string {
  return /^[A-Za-z0-9_./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

type Flags = Readonly<Record<string, Flag>>;

/** Puts the `changed` flags back from what they are `after` to what they were `before`. */
export function undoOfEdits(environment: string, before: Flags, after: Flags, changed: readonly string[]): string {
  return changed
    .map(
      (key) =>
        `dimmer flags set ${shellWord(key)} ${undoOfFlag(key, before[key], after[key])}${inEnvironment(environment)}`,
    )
    .join(" && ");
}

/** The shortest words that restore a definition exactly; the whole definition when none do. */
function undoOfFlag(key: string, before: Flag | undefined, after: Flag | undefined): string {
  if (before === undefined) return "--remove";
  const { strategy, defaultVariant } = before;
  const value = typeof defaultVariant === "string" ? before.variants[defaultVariant] : undefined;
  if (value !== undefined && restores({ type: "serve", flag: key, value }, before, after))
    return shellWord(wordsOf(value));
  if (
    strategy?.type === "percentage" &&
    restores(
      { type: "expose", flag: key, strategy: { type: "percentage", percentage: strategy.percentage } },
      before,
      after,
    )
  ) {
    return `--percentage ${strategy.percentage}`;
  }
  return `--definition ${shellWord(JSON.stringify(before))}`;
}

function restores(edit: Edit, before: Flag, after: Flag | undefined): boolean {
  return canApplyEdit(after, edit) && canonicalJson(applyEdit(after, edit)) === canonicalJson(before);
}
