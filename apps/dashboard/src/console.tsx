/** The console of one environment: everything a person asks first, on one page. */
import { Button, Skeleton } from "@mantine/core";
import type { EnvironmentStatus } from "@dimmer/spec";
import type { ReactElement, ReactNode } from "react";
import { AuditPanel } from "./audit/audit-panel.tsx";
import { FlagPanel } from "./flags/flag-panel.tsx";
import { KillPanel } from "./kills/kill-panel.tsx";
import { Announcer } from "./live/announcer.tsx";
import type { Connection } from "./live/connection.ts";
import { useLiveStatus } from "./live/live-status.ts";
import { ReadOnlyContext } from "./live/read-only.ts";
import { ReplicaPanel } from "./replicas/replica-panel.tsx";
import { RolloutPanel } from "./rollout/rollout-panel.tsx";
import { StagePanel } from "./stage/stage-panel.tsx";
import { ConnectionLost } from "./topbar/connection-lost.tsx";
import { Notices } from "./topbar/notices.tsx";
import { TopBar } from "./topbar/top-bar.tsx";
import { Problem } from "./ui/problem.tsx";
import { WhyBubble } from "./ui/why-bubble.tsx";

export function Console({ onRefused }: { onRefused: () => void }): ReactElement {
  const { status, connection } = useLiveStatus(onRefused);
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <TopBar status={status.data} connection={connection} />
      {status.data !== undefined && <Notices status={status.data} />}
      <main id="content" className="content" tabIndex={-1}>
        {status.data !== undefined ? (
          <Loaded status={status.data} connection={connection} />
        ) : status.isError ? (
          <Failed error={status.error} isTrying={status.isFetching} onRetry={() => void status.refetch()} />
        ) : (
          <Loading />
        )}
      </main>
    </>
  );
}

function Loaded({ status, connection }: { status: EnvironmentStatus; connection: Connection }): ReactElement {
  return (
    <ReadOnlyContext value={status.isReadOnly}>
      <Announcer status={status} connection={connection.type} />
      <Columns
        main={
          <>
            <StagePanel status={status} />
            <RolloutPanel rollouts={status.rollouts} />
          </>
        }
        side={
          <>
            <KillPanel kills={status.activeKills} replicas={status.replicas} />
            <ReplicaPanel status={status} />
            <AuditPanel />
          </>
        }
      />
      <FlagPanel status={status} />
      <ConnectionLost connection={connection} />
      <WhyBubble />
    </ReadOnlyContext>
  );
}

function Loading(): ReactElement {
  return (
    <div aria-busy="true" aria-label="Loading">
      <Columns
        main={
          <>
            <Skeleton height={178} radius={8} />
            <Skeleton height={520} radius={8} />
          </>
        }
        side={
          <>
            <Skeleton height={140} radius={8} />
            <Skeleton height={180} radius={8} />
            <Skeleton height={366} radius={8} />
          </>
        }
      />
    </div>
  );
}

function Failed({ error, isTrying, onRetry }: { error: Error; isTrying: boolean; onRetry: () => void }): ReactElement {
  return (
    <div className="failed">
      <Problem error={error} />
      <Button variant="default" size="sm" loading={isTrying} onClick={onRetry}>
        Try again
      </Button>
      <p className="failed-note">It is tried again by itself, too. Kills can be sent all the same.</p>
    </div>
  );
}

function Columns({ main, side }: { main: ReactNode; side: ReactNode }): ReactElement {
  return (
    <div className="columns">
      <div className="column-main">{main}</div>
      <div className="column-side">{side}</div>
    </div>
  );
}
