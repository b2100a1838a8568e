/** Takes one kill back. */
import type { Kill, Replica } from "@dimmer/spec";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { ConfirmForm } from "../ui/confirm-form.tsx";
import { effectOfKill, nameOfKill } from "./kill-name.ts";
import { KillOutcome } from "./kill-outcome.tsx";

interface ReviveKillProps {
  readonly kill: Kill;
  readonly replicas: readonly Replica[];
  readonly onClose: () => void;
}

export function ReviveKill({ kill, replicas, onClose }: ReviveKillProps): ReactElement {
  const { client, environment } = useControlPlane();
  return (
    <ConfirmForm
      confirmLabel={`Revive ${nameOfKill(kill)}`}
      onConfirm={(reason) => client.reviveKills({ params: { environment }, body: { killIds: [kill.id], reason } })}
      describe={(result) => ({
        title: `Revived ${nameOfKill(kill)}.`,
        details: <KillOutcome result={result} replicas={replicas} />,
        undo: result.undo,
      })}
      onClose={onClose}
    >
      <p>
        Takes back this one kill: as long as it is in force, {effectOfKill(kill)}. Other kills of the same target, if
        any, stay.
      </p>
      <p className="confirm-note">
        Killed by {kill.by}
        {kill.reason === "" ? "." : `: “${kill.reason}”`}
      </p>
    </ConfirmForm>
  );
}
