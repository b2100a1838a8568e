/** Definitions a program brings along: their faults are the program's own, and thrown. */
import { compile } from "@dimmer/engine";
import type { CompiledFlagSet } from "@dimmer/engine";
import { describeFault } from "@dimmer/engine/faults";
import type { FlagDefinitions } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";

/** Throws `flag_set_invalid` with every fault. */
export function compileDefinitions(definitions: FlagDefinitions): CompiledFlagSet {
  const result = compile(definitions);
  if (result.ok) return result.compiled;
  const faults = result.faults.map(describeFault);
  const sentences = faults.map(({ pointer, message, fix }) => `${pointer}: ${message} ${fix}`);
  throw new DimmerError("flag_set_invalid", `The definitions have faults: ${sentences.join("; ")}`, { faults });
}
