/** The engine's faults as a person who edits the document needs them: file, line, field, value, fix. */
import type { DescribedFault } from "@dimmer/engine/faults";
import { DimmerError } from "@dimmer/spec/errors";
import type { Reading } from "@dimmer/stores";

/** What is wrong with a store's document, as the engine or the ladder says it. */
export type SetFault = Omit<DescribedFault, "code">;

const maxDescribed = 20;

/** One error per fault, the first twenty; `consequence` says what became of the document. */
export function describeFaults(
  reading: Reading,
  isShortForm: boolean,
  faults: readonly SetFault[],
  consequence: string,
): DimmerError[] {
  const errors = faults.slice(0, maxDescribed).map((fault) => {
    // The short form has no 'flags' member; its own faults are named without it already.
    const pointer = isShortForm ? fault.pointer.replace(/^\/flags(?=\/)/, "") : fault.pointer;
    const place = reading.locate?.(pointer);
    const where = place === undefined ? reading.origin : `${reading.origin}:${place.line}:${place.column}`;
    const value = fault.value === undefined ? "" : ` = ${JSON.stringify(fault.value)}`;
    return new DimmerError(
      "flag_set_invalid",
      `${where} ${pointer}${value}: ${fault.message} ${consequence}`.trimEnd(),
      {
        origin: reading.origin,
        pointer,
        ...place,
        fix: fault.fix,
      },
    );
  });
  const rest = faults.length - errors.length;
  if (rest > 0)
    errors.push(new DimmerError("flag_set_invalid", `${reading.origin} has ${rest} faults more. ${consequence}`));
  return errors;
}
