/** Says at the bottom edge that what is shown is old, without moving anything. */
import type { ReactElement } from "react";
import type { Connection } from "../live/connection.ts";
import { AlertIcon } from "../ui/icons.tsx";
import { formatClock, formatDuration } from "../ui/time-format.ts";
import { useNow } from "../live/use-now.ts";

export function ConnectionLost({ connection }: { connection: Connection }): ReactElement | null {
  const nowMs = useNow();
  if (connection.type !== "lost") return null;
  const { lastAliveMs, retryAtMs, error } = connection;
  return (
    <div className="connection-lost">
      <AlertIcon />
      <p>
        <strong>{error.code === "server_unreachable" ? "The control plane does not answer." : error.message}</strong>{" "}
        {lastAliveMs !== undefined && (
          <>What you see is from {formatClock(new Date(lastAliveMs).toISOString(), nowMs)}. </>
        )}
        {retryAtMs > nowMs ? `Trying again in ${formatDuration(retryAtMs - nowMs + 999)}.` : "Trying again…"} Gateways
        go on with their last good snapshot, kills included. To kill now, on their machine:{" "}
        <code>dimmer kill all --local</code>
      </p>
    </div>
  );
}
