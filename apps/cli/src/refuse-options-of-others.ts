/** Keeps the verbs of one command apart, which share its table of options. */
import { DimmerError } from "@dimmer/spec/errors";
import type { OptionValues } from "./command.ts";

/** An option that nobody reads would look as if it had done something. `takenBy` names the verbs that take each. */
export function refuseOptionsOfOthers(
  command: string,
  verb: string,
  options: OptionValues,
  takenBy: Readonly<Record<string, readonly string[]>>,
): void {
  for (const [name, takers] of Object.entries(takenBy))
    if (options[name] !== undefined && !takers.includes(verb))
      throw new DimmerError(
        "usage",
        `--${name} belongs to '${command} ${takers.join(`' and '${command} `)}'; '${command} ${verb}' does not take it.`,
      );
}
