import fc from "fast-check";

/** How long each property looks for a counterexample, instead of a number of runs; `npm run fuzz` sets it. */
const minutes = Number(process.env["DIMMER_FUZZ_MINUTES"] ?? 0);

/** Checks a property `numRuns` times, or for as long as a longer search was asked for, which then says how far it came. */
export function fuzz<Values extends [unknown, ...unknown[]]>(
  name: string,
  property: fc.IProperty<Values>,
  numRuns: number,
): void {
  if (minutes === 0) {
    fc.assert(property, { numRuns });
    return;
  }
  const details = fc.check(property, { numRuns: 1e9, plugins: [fc.interruptAfterTimeLimit(minutes * 60_000)] });
  if (details.failed) throw new Error(fc.defaultReportMessage(details));
  process.stderr.write(`${name}: ${details.numRuns} inputs clean, seed ${details.seed}\n`);
}
