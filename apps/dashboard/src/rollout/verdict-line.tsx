/** What the evidence says, in words, and how far that may be trusted. */
import type { Rollout, VerdictType } from "@dimmer/spec";
import type { ReactElement } from "react";
import { formatDuration } from "../ui/time-format.ts";
import { useNow } from "../live/use-now.ts";
import { verdictWords } from "./verdict-words.ts";

/** How long a verdict that moves nothing may last, and what happens then. */
function Patience({ rollout: { verdict, plan } }: { rollout: Rollout }): ReactElement | null {
  const nowMs = useNow();
  if (verdict?.since === undefined || !isAbsence(verdict.type)) return null;
  const lastsMs = nowMs - Date.parse(verdict.since);
  return (
    <span>
      So for {formatDuration(lastsMs)}; after {formatDuration(plan.patienceMs)} the plan says{" "}
      {plan.policies[verdict.type]}
    </span>
  );
}

function isAbsence(type: VerdictType): type is keyof Rollout["plan"]["policies"] {
  return type !== "safe" && type !== "harm" && type !== "immature";
}

/** The API's own word stays in sight; what it means stands before it. */
function nameOfGuarantee(guarantee: string): string {
  return guarantee === "exact" ? "Guarantee: exact" : `A guide, not a guarantee: ${guarantee}`;
}

export function VerdictLine({ rollout }: { rollout: Rollout }): ReactElement {
  const { verdict } = rollout;
  const isSaid = verdict !== undefined && rollout.reason.includes(verdict.reason);
  const isHarm = verdict?.type === "harm";
  return (
    <div className={`verdict${isHarm ? " verdict-harm" : ""}`}>
      <div className="verdict-text">
        <p className="verdict-words">
          <strong>{verdict === undefined ? "Not judged yet" : verdictWords[verdict.type].name}</strong>{" "}
          <span>{verdict?.reason ?? "The first look comes with the first measurements."}</span>
        </p>
        {verdict !== undefined && <p className="verdict-meaning">{verdictWords[verdict.type].meaning}</p>}
        <p className="verdict-guarantee">
          {verdict !== undefined && <span>{nameOfGuarantee(verdict.guarantee)}</span>}
          {rollout.status === "running" && <Patience rollout={rollout} />}
          {/* Why it waits or ended, where the verdict above does not say so already. */}
          {rollout.status !== "running" && !isSaid && <span>{rollout.reason}</span>}
        </p>
      </div>
    </div>
  );
}
