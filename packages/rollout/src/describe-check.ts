import type { CheckResult } from "@dimmer/spec";
import type { Check } from "./check.ts";
import { shareOf, type EventCount } from "./e-value.ts";
import { requestsUntilSafe } from "./safety-test.ts";
import { eValue, percent, roughly, threshold, whole } from "./wording.ts";

/** What a check's clause is made of: its result, and the canary's counts in this step and in the whole attempt. */
export interface CheckFacts {
  readonly check: Check;
  readonly result: CheckResult;
  readonly step: EventCount;
  readonly attempt: EventCount;
}

/** One check in one clause, e.g. "error rate 5.1 % of 214 canary requests; limit 1 %; e-value 43 ≥ 40". */
export function describeCheck(facts: CheckFacts): string {
  const { check, result, step } = facts;
  const share = describeShare(check, step);
  switch (result.type) {
    case "harm":
      return `${describeHarm(facts)}; e-value ${eValue(result.harmE)} ≥ ${threshold(result.harmAt)}`;
    case "safe":
      return `${share}, proven below ${percent(check.tolerated, 4)} (e-value ${eValue(result.safetyE)} ≥ ${threshold(result.safetyAt)})`;
    case "undecided":
      return (
        `${share}, not proven below ${percent(check.tolerated, 4)} ` +
        `(e-value ${eValue(result.safetyE)} of ${threshold(result.safetyAt)}); ${describeOutlook(check, step)}`
      );
    default:
      return share;
  }
}

/** Shows the step when it is over the limit, else the attempt; trouble that has passed is in neither share. */
function describeHarm({ check, step, attempt }: CheckFacts): string {
  const limit = percent(check.limit, 4);
  const isOver = (counted: EventCount): boolean => (shareOf(counted) ?? 0) > check.limit;
  if (isOver(step)) return `${describeShare(check, step)}; limit ${limit}`;
  if (isOver(attempt)) return `${describeShare(check, attempt)} over all steps; limit ${limit}`;
  return `${describeShare(check, attempt)} over all steps, but above the limit of ${limit} for a time`;
}

function describeShare({ name, slowMs }: Check, counted: EventCount): string {
  const share = shareOf(counted);
  const of = share === undefined ? undefined : `${percent(share)} of ${whole(counted.requests)} canary requests`;
  switch (name) {
    case "error-rate":
      return of === undefined ? "error rate unknown" : `error rate ${of}`;
    case "latency":
      return of === undefined ? "latency unknown" : `${of} slower than ${whole(slowMs)} ms`;
  }
}

function describeOutlook(check: Check, step: EventCount): string {
  const more = requestsUntilSafe(check.tolerated, Math.log(check.safetyAt), step);
  return more === undefined
    ? "requests like these will never prove it"
    : `about ${roughly(more)} more requests like these would prove it`;
}
