/** Kills in words, and as the command line names them. */
import type { Kill } from "@dimmer/spec";

/** `provider google`, `all AI egress`. */
export function describeKill(kill: Pick<Kill, "scope" | "target">): string {
  return kill.scope === "all" ? "all AI egress" : `${kill.scope} ${kill.target}`;
}

/** What `dimmer kill` and `dimmer revive` take: `provider google`, `all`; quoted for a POSIX shell. */
export function killArguments(kill: Pick<Kill, "scope" | "target">): string {
  if (kill.scope === "all") return "all";
  const isPlain = /^[A-Za-z0-9_./:=,@%+-]+$/.test(kill.target);
  return `${kill.scope} ${isPlain ? kill.target : `'${kill.target.replaceAll("'", `'\\''`)}'`}`;
}
