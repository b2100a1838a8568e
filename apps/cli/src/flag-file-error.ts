/** What is wrong with a flag file, each fault at its place. */
import type { Fault } from "@dimmer/engine";
import { describeFault } from "@dimmer/engine/faults";
import { DimmerError } from "@dimmer/spec/errors";
import type { Reading } from "@dimmer/stores";

export function flagFileError(path: string, reading: Reading, faults: readonly Fault[]): DimmerError {
  const placed = faults
    .map((fault) => ({ ...describeFault(fault), ...reading.locate?.(fault.pointer) }))
    .sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  const lines = placed.map(
    ({ line, column, pointer, message, fix }) =>
      `  ${path}${line === undefined ? "" : `:${line}:${column}`}: ${pointer} ${message} ${fix}`,
  );
  const count = faults.length === 1 ? "a fault" : `${faults.length} faults`;
  return new DimmerError("flag_set_invalid", `${path} has ${count}; nothing was written.\n${lines.join("\n")}`, {
    file: path,
    faults: placed,
  });
}
