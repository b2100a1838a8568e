/** Kills in words, and as the command line names them. */
import type { Kill } from "@dimmer/spec";
import { shellWord } from "./shell-word.ts";

/** `provider google`, `all AI egress`. */
export function describeKill(kill: Pick<Kill, "scope" | "target">): string {
  return kill.scope === "all" ? "all AI egress" : `${kill.scope} ${kill.target}`;
}

/** What `dimmer kill` and `dimmer revive` take: `provider google`, `all`; quoted for a POSIX shell. */
export function killArguments(kill: Pick<Kill, "scope" | "target">): string {
  return kill.scope === "all" ? "all" : `${kill.scope} ${shellWord(kill.target)}`;
}
