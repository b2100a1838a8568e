/** Whether the page is live, in a box whose width does not depend on it. */
import type { ReactElement } from "react";
import { staleness } from "../live/connection.ts";
import type { Connection } from "../live/connection.ts";
import { formatDuration } from "../ui/time-format.ts";
import { useNow } from "../live/use-now.ts";

export function ConnectionState({ connection }: { connection: Connection }): ReactElement {
  const { isStale, ageMs } = staleness(connection, useNow());
  const state = isStale ? "stale" : connection.type === "live" ? "live" : "connecting";
  return (
    <span className={`connection connection-${state}`}>
      <span className="connection-dot" aria-hidden="true" />
      {state === "live" && "Live"}
      {state === "connecting" && "Connecting"}
      {state === "stale" && (ageMs === undefined ? "No connection" : `Stale ${formatDuration(ageMs)}`)}
    </span>
  );
}
