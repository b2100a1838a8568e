/** Asks before a stage is entered: what it means from where the environment stands, and what it needs. */
import { Checkbox } from "@mantine/core";
import type { EnvironmentStatus, StageName } from "@dimmer/spec";
import { DimmerError } from "@dimmer/spec/errors";
import { stageNames } from "@dimmer/spec/stages";
import { useState } from "react";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { currentWeightPercent, isUnfinished } from "../rollout/rollout-progress.ts";
import { ConfirmForm } from "../ui/confirm-form.tsx";
import { formatWeight } from "../ui/number-format.ts";

interface EnterStageProps {
  readonly target: StageName;
  readonly status: EnvironmentStatus;
  readonly onClose: () => void;
}

export function EnterStage({ target, status, onClose }: EnterStageProps): ReactElement {
  const { client, environment } = useControlPlane();
  // What the dialog was opened from: the stage itself changes under it once it is entered.
  const [from] = useState(status.stage.current);
  const [force, setForce] = useState(false);
  const [wasRefused, setWasRefused] = useState(false);
  const climb = stageNames.indexOf(target) - stageNames.indexOf(from);
  const skipped = climb > 1 ? stageNames[stageNames.indexOf(from) + 1] : undefined;
  const isUnproven = target === "active" && !status.rollouts.some((rollout) => rollout.status === "succeeded");
  const mayForce = skipped !== undefined || isUnproven || wasRefused;
  const blockedBecause = skipped !== undefined && !force ? `Enter ${skipped} first.` : undefined;
  return (
    <ConfirmForm
      confirmLabel={`Enter ${target}`}
      blockedBecause={blockedBecause}
      onConfirm={(reason) =>
        client.enterStage({ params: { environment }, body: { stage: target, reason, force: force && mayForce } })
      }
      onFailed={(error) => {
        if (DimmerError.is(error) && (error.code === "stage_precondition" || error.code === "stage_order"))
          setWasRefused(true);
      }}
      describe={({ stage, changed, undo }) => ({
        title: `${environment} is at ${stage.current}.`,
        details: (
          <p className="confirm-note">
            {changed.length === 1 ? "One flag" : `${changed.length} flags`} changed, together.
          </p>
        ),
        undo,
      })}
      onClose={onClose}
    >
      <p>
        {climb === 0 ? (
          <>
            <strong>{environment}</strong> stays at <strong>{target}</strong>, and every flag of the sequence is set to
            what it assigns again, in one change set.
          </>
        ) : (
          <>
            <strong>{environment}</strong> goes from {from} to <strong>{target}</strong>: every flag of the sequence is
            set to what {target} assigns, in one change set.
          </>
        )}
      </p>
      <Consequence target={target} status={status} isDown={climb < 0} />
      {skipped !== undefined && <p>Stages are climbed one at a time, and {skipped} comes next.</p>}
      {mayForce && (
        <Checkbox
          size="xs"
          label={
            skipped === undefined
              ? "Enter although the precondition does not hold"
              : `Enter all the same, skipping ${skipped}`
          }
          checked={force}
          onChange={(event) => setForce(event.currentTarget.checked)}
        />
      )}
    </ConfirmForm>
  );
}

function Consequence({
  target,
  status,
  isDown,
}: {
  target: StageName;
  status: EnvironmentStatus;
  isDown: boolean;
}): ReactElement | null {
  const unfinished = status.rollouts.filter(isUnfinished);
  if (target === "dark") {
    return (
      <p>
        No AI call leaves the gateway any more.{" "}
        {unfinished.length === 0
          ? "No rollout is running."
          : `The unfinished rollout${unfinished.length === 1 ? "" : "s"} of ${unfinished.map(({ flag }) => flag).join(", ")} will be aborted.`}
      </p>
    );
  }
  if (target === "active") {
    const proven = status.rollouts.find((rollout) => rollout.status === "succeeded");
    return (
      <p>
        It needs a completed rollout.{" "}
        {proven !== undefined
          ? `${proven.flag} completed its attempt ${proven.attempt}.`
          : unfinished.length === 0
            ? "None has completed."
            : unfinished
                .map(
                  (rollout) =>
                    `${rollout.flag} is at ${formatWeight(currentWeightPercent(rollout))} (${rollout.status}).`,
                )
                .join(" ")}
      </p>
    );
  }
  if (isDown) return <p>Down is allowed at any time, to any stage.</p>;
  return null;
}
