/** Definitions a program brings along: their faults are the program's own, and thrown. */
import { compile } from "@dimmer/engine";
import type { CompiledFlagSet } from "@dimmer/engine";
import type { FlagDefinitions } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";

/** Throws `flag_set_invalid` with every fault. */
export function compileDefinitions(definitions: FlagDefinitions): CompiledFlagSet {
  const result = compile(definitions);
  if (result.ok) return result.compiled;
  const faults = result.faults.map((fault) => `${fault.pointer}: ${fault.message} ${fault.fix}`);
  throw new DimmerError("flag_set_invalid", `The definitions have faults: ${faults.join("; ")}`, {
    faults: result.faults,
  });
}
