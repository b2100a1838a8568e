/** The ways to step into an attempt (a completed one can still be rolled back), each with its exact effect before it is done. */
import type { Rollout, RolloutAction } from "@dimmer/spec";
import { useState } from "react";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { useRefusal } from "../live/read-only.ts";
import { ActionButton } from "../ui/action-button.tsx";
import { ConfirmForm } from "../ui/confirm-form.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { formatWeight } from "../ui/number-format.ts";
import { currentWeightPercent, isUnfinished } from "./rollout-progress.ts";

const labels: Readonly<Record<RolloutAction, string>> = {
  pause: "Pause",
  resume: "Resume",
  promote: "Promote",
  rollback: "Roll back",
};

export function RolloutActions({ rollout }: { rollout: Rollout }): ReactElement {
  const [action, setAction] = useState<RolloutAction>();
  const refusal = useRefusal();
  const isRunning = rollout.status === "running";
  const close = (): void => setAction(undefined);
  return (
    <>
      {isUnfinished(rollout) && (
        <>
          <ActionButton
            variant="default"
            className="rollout-pause"
            refusedBecause={refusal}
            onClick={() => setAction(isRunning ? "pause" : "resume")}
          >
            {isRunning ? "Pause…" : "Resume…"}
          </ActionButton>
          <ActionButton variant="default" refusedBecause={refusal} onClick={() => setAction("promote")}>
            Promote…
          </ActionButton>
        </>
      )}
      {(isUnfinished(rollout) || rollout.status === "succeeded") && (
        <ActionButton color="red" variant="outline" onClick={() => setAction("rollback")}>
          Roll back…
        </ActionButton>
      )}
      <Dialog
        title={action === undefined ? "Rollout" : `${labels[action]} ${rollout.flag}`}
        isOpen={action !== undefined}
        isDangerous={action === "rollback"}
        onClose={close}
      >
        {action !== undefined && <ConfirmAction rollout={rollout} action={action} onClose={close} />}
      </Dialog>
    </>
  );
}

interface ConfirmActionProps {
  readonly rollout: Rollout;
  readonly action: RolloutAction;
  readonly onClose: () => void;
}

function ConfirmAction({ rollout, action, onClose }: ConfirmActionProps): ReactElement {
  const { client, environment } = useControlPlane();
  return (
    <ConfirmForm
      confirmLabel={labels[action]}
      isDangerous={action === "rollback"}
      onConfirm={(reason) =>
        client.actOnRollout({ params: { environment, rollout: rollout.id }, body: { action, reason } })
      }
      describe={(result) => ({ title: outcomeOf(result), undo: result.undo })}
      onClose={onClose}
    >
      <p>{effectOf(rollout, action)}</p>
    </ConfirmForm>
  );
}

function effectOf(rollout: Rollout, action: RolloutAction): string {
  const weight = formatWeight(currentWeightPercent(rollout));
  switch (action) {
    case "pause":
      return `${rollout.flag} stays at ${weight}; the bake stands still and no step is taken until it is resumed. Measurements go on being gathered.`;
    case "resume":
      return `${rollout.flag} goes on at ${weight} with what is left of the bake.`;
    case "promote": {
      const next = rollout.plan.steps[rollout.stepIndex + 1];
      return next === undefined
        ? `This is the last step: the rollout is completed at ${weight} now, without waiting for its soak and its proof.`
        : `${rollout.flag} goes from ${weight} to ${formatWeight(next.weightPercent)} now, without waiting for proof that ${weight} is safe. The next step is judged as usual.`;
    }
    case "rollback": {
      const linked = rollout.linkedFlags.length === 0 ? "" : ` Off with it: ${rollout.linkedFlags.join(", ")}.`;
      return `${rollout.flag} goes from ${weight} to 0 % at once, and this attempt ends.${linked}`;
    }
  }
}

function outcomeOf(rollout: Rollout): string {
  const weight = formatWeight(currentWeightPercent(rollout));
  switch (rollout.status) {
    case "running":
      return `${rollout.flag} runs at ${weight}.`;
    case "paused":
      return `${rollout.flag} is paused at ${weight}.`;
    case "succeeded":
      return `${rollout.flag} is completed at ${weight}.`;
    case "rolled-back":
      return `${rollout.flag} is rolled back to 0 %.`;
    case "aborted":
      return `${rollout.flag} is aborted.`;
  }
}
