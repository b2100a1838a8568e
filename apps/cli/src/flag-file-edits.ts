/** What puts the flags of a file into a set that has other flags too. */
import type { CompiledFlagSet } from "@dimmer/engine";
import type { Edit, Flag } from "@dimmer/spec";
import type { FlagFile } from "./read-flag-definitions.ts";

/**
 * One edit per flag. What a file says once for all its flags is written into each: `$evaluators` where a `$ref` names
 * them, and the set's metadata. A flag comes before those it needs, so that the undo, which goes the same way, removes
 * none that is still needed.
 */
export function flagFileEdits({ definitions, compiled }: FlagFile): readonly Edit[] {
  return compiled.keys
    .flatMap((key) => {
      const definition = definitions.flags[key];
      return definition === undefined ? [] : [{ type: "put" as const, flag: key, definition: alone(key, definition) }];
    })
    .toSorted((a, b) => needCount(a.flag, compiled) - needCount(b.flag, compiled));

  function alone(key: string, flag: Flag): Flag {
    const metadata = compiled.flags.get(key)?.metadata ?? {};
    return {
      ...flag,
      ...("targeting" in flag ? { targeting: writeOutRefs(flag.targeting, compiled.unit.evaluators) } : {}),
      ...(Object.keys(metadata).length === 0 ? {} : { metadata: { ...metadata } }),
    };
  }
}

/** How many flags need this one; less for a flag than for any that it needs. */
function needCount(key: string, { dependants }: CompiledFlagSet): number {
  return dependants.get(key)?.length ?? 0;
}

function writeOutRefs(logic: unknown, evaluators: ReadonlyMap<string, unknown>): unknown {
  if (Array.isArray(logic)) return logic.map((element) => writeOutRefs(element, evaluators));
  if (typeof logic !== "object" || logic === null) return logic;
  if ("$ref" in logic) return writeOutRefs(evaluators.get(String(logic.$ref)), evaluators);
  return Object.fromEntries(Object.entries(logic).map(([name, args]) => [name, writeOutRefs(args, evaluators)]));
}
