/** What a kill or revive did, counted on as replicas confirm it. */
import type { KillResult, Replica } from "@dimmer/spec";
import type { ReactElement } from "react";
import { AlertIcon } from "../ui/icons.tsx";
import { countApplied } from "./count-applied.ts";

export function KillOutcome({ result, replicas }: { result: KillResult; replicas: readonly Replica[] }): ReactElement {
  const { applied, connected } = countApplied(result, replicas);
  return (
    <>
      <p>
        <strong className="kill-applied">
          {applied} of {connected}
        </strong>{" "}
        {connected === 1 ? "replica" : "replicas"} applied it.
        {connected === 0 && " None is connected: instances that come back read it first."}
      </p>
      {result.durable ? (
        <p className="confirm-note">It is on disk and survives a restart.</p>
      ) : (
        <p className="kill-not-durable">
          <AlertIcon /> Not durable: it acts, but it is not on disk and a restart of the control plane would forget it.
        </p>
      )}
    </>
  );
}
