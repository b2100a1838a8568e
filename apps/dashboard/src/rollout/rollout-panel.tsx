/** The rollouts: how far each is, what its evidence says, and the ways to step in. */
import { UnstyledButton } from "@mantine/core";
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
import { useEarlierAttempts } from "./use-earlier-attempts.ts";
import { VerdictLine } from "./verdict-line.tsx";
import "./rollout.css";

export function RolloutPanel({ rollouts }: { rollouts: readonly Rollout[] }): ReactElement {
  const [chosenId, setChosenId] = useState<string>();
  const [rememberedFlag, setRememberedFlag] = useState<string>();
  const earlier = useEarlierAttempts(rememberedFlag, rollouts);
  const latest = rollouts.find(isUnfinished) ?? rollouts[0];
  const rollout = [...rollouts, ...earlier.attempts].find(({ id }) => id === chosenId) ?? latest;
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
  const hasEarlier = rollout.attempt > 1 && rollout.flag !== rememberedFlag;
  return (
    <Panel
      name="rollout"
      title={
        <>
          Rollout <code className="rollout-flag">{rollout.flag}</code>
        </>
      }
      note={<Facts rollout={rollout} {...(hasEarlier ? { onEarlier: () => setRememberedFlag(rollout.flag) } : {})} />}
      // What is over and was followed by another attempt is only looked at.
      actions={rollouts.includes(rollout) && <RolloutActions rollout={rollout} />}
    >
      {(rollouts.length > 1 || rememberedFlag !== undefined) && (
        <RolloutChoice
          rollouts={rollouts}
          earlier={earlier.attempts}
          note={earlier.note}
          chosen={rollout}
          onChoose={setChosenId}
        />
      )}
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

/** `onEarlier` is there when its flag had attempts before this one that are not shown yet. */
function Facts({ rollout, onEarlier }: { rollout: Rollout; onEarlier?: () => void }): ReactElement {
  const nowMs = useNow();
  return (
    <span className="rollout-facts">
      {onEarlier === undefined ? (
        <span>attempt {rollout.attempt}</span>
      ) : (
        <UnstyledButton
          className="rollout-earlier"
          title="Show earlier attempts"
          aria-label={`attempt ${rollout.attempt}, show earlier attempts`}
          onClick={onEarlier}
        >
          attempt {rollout.attempt}
        </UnstyledButton>
      )}
      <span>plan {rollout.plan.name}</span>
      <span title={formatClock(rollout.startedAt, nowMs)}>
        {formatAge(nowMs - Date.parse(rollout.startedAt))} by {rollout.startedBy}
      </span>
    </span>
  );
}
