/** How to read the evidence, for somebody who has never seen it: closed until it is asked for, with this plan's own numbers. */
import type { Rollout } from "@dimmer/spec";
import type { ReactElement } from "react";
import { formatCount, formatShare } from "../ui/number-format.ts";
import { toleratedShare } from "./tolerated-share.ts";

export function EvidenceGuide({ rollout: { plan, verdict } }: { rollout: Rollout }): ReactElement | null {
  const [check] = verdict?.checks ?? [];
  if (verdict === undefined || check === undefined) return null;
  const margin = formatCount(plan.safetyMargin);
  return (
    <details className="guide">
      <summary>How to read this</summary>
      <dl>
        <dt>canary, baseline</dt>
        <dd>
          Requests of users who have the feature, and of all others at the same time. The canary alone is judged, by its
          limit; the baseline is there to compare with.
        </dd>
        <dt>evidence</dt>
        <dd>
          Counted as a bet (an e-value): 1 says nothing, more speaks for, less against. It may be looked at as often as
          one likes. Nothing advances because nothing bad was seen: safety has to be proven.
        </dd>
        <dt>safe</dt>
        <dd>
          This step against a rate of {margin} times the limit or more ({formatShare(toleratedShare(check, plan))} for
          errors), proven at {formatCount(check.safetyAt)}. A step that bad is called safe in{" "}
          {formatShare(plan.falseAdvanceRate)} of cases at most; one between the limit and that may be.
        </dd>
        <dt>harm</dt>
        <dd>
          The whole attempt against a rate within the limit, its highest so far, proven at {formatCount(check.harmAt)}:
          then it rolls back at once. A healthy attempt ends so in {formatShare(plan.falseRollbackRate)} of cases at
          most.
        </dd>
        <dt>{verdict.guarantee}</dt>
        <dd>{meaningOfGuarantee(verdict.guarantee)}</dd>
      </dl>
    </details>
  );
}

function meaningOfGuarantee(guarantee: string): string {
  if (guarantee === "exact") return "These shares of cases hold as they stand.";
  return (
    "These shares of cases are a guide, not a guarantee: they take every request for a trial of its own, while requests " +
    "of one user resemble each other. A few busy users for whom everything fails can weigh more than they should."
  );
}
