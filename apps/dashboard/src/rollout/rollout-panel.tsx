/** The rollouts: how far each is, what its evidence says, and the ways to step in. */
import type { Rollout } from "@dimmer/spec";
import { useState } from "react";
import type { ReactElement } from "react";
import { Command } from "../ui/command.tsx";
import { EmptyNote, Panel } from "../ui/panel.tsx";
import { formatAge, formatClock } from "../ui/time-format.ts";
import { useNow } from "../live/use-now.ts";
import { ArmCharts } from "./arm-charts.tsx";
import { CheckEvidence } from "./check-evidence.tsx";
import { EvidenceGuide } from "./evidence-guide.tsx";
import { RolloutActions } from "./rollout-actions.tsx";
import { RolloutChoice } from "./rollout-choice.tsx";
import { isUnfinished } from "./rollout-progress.ts";
import { StepRail } from "./step-rail.tsx";
import { VerdictLine } from "./verdict-line.tsx";
import "./rollout.css";

export function RolloutPanel({ rollouts }: { rollouts: readonly Rollout[] }): ReactElement {
  const [chosenId, setChosenId] = useState<string>();
  const latest = rollouts.find(isUnfinished) ?? rollouts[0];
  const rollout = rollouts.find(({ id }) => id === chosenId) ?? latest;
  const checks = rollout?.verdict?.checks ?? [];
  if (rollout === undefined) {
    return (
      <Panel name="rollout" title="Rollout">
        <EmptyNote title="Nothing has been rolled out yet.">
          <p>Start one where you build: its progress, evidence and charts appear here at once.</p>
          <Command text="dimmer deploy --strategy safe" />
        </EmptyNote>
      </Panel>
    );
  }
  return (
    <Panel
      name="rollout"
      title={
        <>
          Rollout <code className="rollout-flag">{rollout.flag}</code>
        </>
      }
      note={<Facts rollout={rollout} />}
      actions={<RolloutActions rollout={rollout} />}
    >
      {rollouts.length > 1 && <RolloutChoice rollouts={rollouts} chosen={rollout} onChoose={setChosenId} />}
      <div className="rollout-body">
        <StepRail rollout={rollout} />
        <VerdictLine rollout={rollout} />
        <div className="rollout-checks">
          {checks.map((check) => (
            <CheckEvidence key={check.check} check={check} rollout={rollout} />
          ))}
          {checks.length === 0 && <p className="checks-none">No evidence yet</p>}
        </div>
        <EvidenceGuide rollout={rollout} />
        <ArmCharts rollout={rollout} />
      </div>
    </Panel>
  );
}

function Facts({ rollout }: { rollout: Rollout }): ReactElement {
  const nowMs = useNow();
  return (
    <span className="rollout-facts">
      <span>attempt {rollout.attempt}</span>
      <span>plan {rollout.plan.name}</span>
      <span title={formatClock(rollout.startedAt, nowMs)}>
        {formatAge(nowMs - Date.parse(rollout.startedAt))} by {rollout.startedBy}
      </span>
    </span>
  );
}
