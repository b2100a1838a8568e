/** Who follows, at which version, and who lags. */
import type { EnvironmentStatus, Replica } from "@dimmer/spec";
import type { ReactElement } from "react";
import { EmptyNote, Panel } from "../ui/panel.tsx";
import { formatAge, formatClock } from "../ui/time-format.ts";
import { useNow } from "../live/use-now.ts";
import { Version } from "../topbar/version.tsx";
import { describeLag } from "./describe-lag.ts";
import "./replicas.css";

/** More than these scroll, and what scrolls has to be reached by keyboard. */
const visibleRows = 7;

export function ReplicaPanel({ status }: { status: EnvironmentStatus }): ReactElement {
  const nowMs = useNow();
  const connected = status.replicas.filter(({ isConnected }) => isConnected).length;
  const rows = status.replicas.toSorted(byState);
  return (
    <Panel name="replicas" title="Replicas" note={rows.length === 0 ? undefined : `${connected} connected`}>
      {rows.length === 0 ? (
        <EmptyNote title="Nobody follows this environment.">
          A gateway or an application with the SDK shows up here as it connects.
        </EmptyNote>
      ) : (
        <ul
          className="replica-list"
          {...(rows.length > visibleRows ? { tabIndex: 0, "aria-label": "All replicas" } : {})}
        >
          {rows.map((replica) => (
            <ReplicaRow key={replica.instanceId} replica={replica} status={status} nowMs={nowMs} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function ReplicaRow({
  replica,
  status,
  nowMs,
}: {
  replica: Replica;
  status: EnvironmentStatus;
  nowMs: number;
}): ReactElement {
  const lag = describeLag(replica, status);
  return (
    <li className="replica">
      <span className="replica-name">
        <code title={replica.instanceId}>{replica.instanceId}</code>
        <span className="faint"> {replica.kind}</span>
      </span>
      <Version version={replica.flagSetVersion} label="Flag set" />
      <span className={lag === undefined ? "replica-state" : "replica-state replica-lags"}>
        {replica.isConnected ? (
          (lag ?? "up to date")
        ) : (
          <time title={formatClock(replica.lastSeenAt, nowMs)}>
            gone {formatAge(nowMs - Date.parse(replica.lastSeenAt))}
          </time>
        )}
      </span>
    </li>
  );
}

/** Connected first, then by kind and name. */
function byState(a: Replica, b: Replica): number {
  return (
    Number(b.isConnected) - Number(a.isConnected) ||
    a.kind.localeCompare(b.kind) ||
    a.instanceId.localeCompare(b.instanceId)
  );
}
