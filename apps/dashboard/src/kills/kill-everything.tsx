/** The last resort: no request reaches any provider. */
import type { Replica } from "@dimmer/spec";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { ConfirmForm } from "../ui/confirm-form.tsx";
import { KillFromTerminal } from "./kill-from-terminal.tsx";
import { KillOutcome } from "./kill-outcome.tsx";

export function KillEverything({
  replicas,
  isKilled,
  onClose,
}: {
  replicas: readonly Replica[];
  /** Whether a kill of everything is in force already; another one holds on when that one ends. */
  isKilled: boolean;
  onClose: () => void;
}): ReactElement {
  const { client, environment } = useControlPlane();
  const connected = replicas.filter(({ isConnected }) => isConnected).length;
  return (
    <ConfirmForm
      confirmLabel="Kill all AI egress"
      isDangerous
      focusOn="confirm"
      otherwise={<KillFromTerminal what="all" />}
      onConfirm={(reason) => client.addKill({ params: { environment }, body: { scope: "all", target: "*", reason } })}
      describe={(result) => ({
        title: "All AI egress is killed.",
        details: <KillOutcome result={result} replicas={replicas} />,
        undo: result.undo,
      })}
      onClose={onClose}
    >
      <p>
        In <strong>{environment}</strong>, <strong>no request reaches any provider</strong> from the moment a gateway
        hears of it; callers are answered 503.{" "}
        {connected === 1 ? "One replica listens" : `${connected} replicas listen`} now. It holds until it is revived.
      </p>
      {isKilled && (
        <p className="confirm-note">It is killed already; this kill holds on when the other one ends or is revived.</p>
      )}
    </ConfirmForm>
  );
}
