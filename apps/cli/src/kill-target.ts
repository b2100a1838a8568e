/** What `dimmer kill` and `dimmer revive` are about: `all`, or a scope and a target. */
import { DimmerError } from "@dimmer/spec/errors";
import type { KillScope } from "@dimmer/spec";
import { refuseMore } from "./arguments.ts";

const scopes: readonly KillScope[] = ["all", "provider", "model", "route", "flag", "tenant", "tool"];

/** What a kill record has room for. */
const maxTargetLength = 256;

/** Whether a word names a kill scope. */
export function isKillScope(word: string | undefined): word is KillScope {
  return scopes.some((scope) => scope === word);
}

/** Reads `all`, or `provider google`. */
export function parseKillTarget(positionals: readonly string[]): { scope: KillScope; target: string } {
  const [scope, target] = positionals;
  if (!isKillScope(scope))
    throw new DimmerError(
      "usage",
      `Say what: ${scopes.map((name) => (name === "all" ? "all" : `${name} <name>`)).join(", ")}.`,
    );
  if (scope === "all") {
    refuseMore(positionals, 1);
    return { scope, target: "*" };
  }
  if (target === undefined || target.trim() === "") throw new DimmerError("usage", `Say which ${scope}.`);
  refuseMore(positionals, 2);
  if (target === "*") throw new DimmerError("usage", `Name the ${scope}; everything at once is 'all'.`);
  if (target.length > maxTargetLength)
    throw new DimmerError(
      "usage",
      `No ${scope} has a name of ${target.length} characters; ${maxTargetLength} at most.`,
    );
  return { scope, target };
}
