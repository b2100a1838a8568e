/** The end of the audit log: what was done, by whom, and how to take it back. */
import { Button, Skeleton, UnstyledButton } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import type { AuditEntry } from "@dimmer/spec";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import { useControlPlane } from "../live/control-plane.ts";
import { auditTailLength } from "../live/live-status.ts";
import { queryKeys } from "../live/query-keys.ts";
import { CheckIcon, UndoIcon } from "../ui/icons.tsx";
import { EmptyNote, Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { formatClock } from "../ui/time-format.ts";
import { useNow } from "../live/use-now.ts";
import "./audit.css";

export function AuditPanel(): ReactElement {
  const { client, environment } = useControlPlane();
  const nowMs = useNow(60_000);
  const audit = useQuery({
    queryKey: queryKeys.audit(environment),
    queryFn: ({ signal }) => client.listAudit({ params: { environment }, query: { limit: auditTailLength }, signal }),
  });
  return (
    <Panel name="audit" title="Audit">
      {audit.isPending && <Skeleton height={240} radius={0} />}
      {audit.isError && audit.data === undefined && (
        <div className="audit-problem">
          <Problem error={audit.error} />
          <Button variant="default" onClick={() => void audit.refetch()}>
            Try again
          </Button>
        </div>
      )}
      {audit.data?.length === 0 && <EmptyNote title="Nothing has been done here yet." />}
      {audit.data !== undefined && audit.data.length > 0 && (
        <ol className="audit-list" aria-label="Latest entries, newest first">
          {audit.data.map((entry) => (
            <AuditRow key={entry.id} entry={entry} nowMs={nowMs} />
          ))}
        </ol>
      )}
    </Panel>
  );
}

function AuditRow({ entry, nowMs }: { entry: AuditEntry; nowMs: number }): ReactElement {
  return (
    <li className="audit-entry">
      <time dateTime={entry.at}>{formatClock(entry.at, nowMs)}</time>
      <div className="audit-what">
        <p>
          <span className="audit-action">{entry.action.replaceAll("-", " ")}</span> <code>{entry.target}</code>
        </p>
        <p className="audit-who" title={entry.reason}>
          {entry.by}
          {entry.reason !== "" && `: ${entry.reason}`}
        </p>
      </div>
      {entry.undo !== undefined && <CopyUndo command={entry.undo} />}
    </li>
  );
}

function CopyUndo({ command }: { command: string }): ReactElement {
  const clipboard = useClipboard({ timeout: 1500 });
  return (
    <UnstyledButton
      className="audit-undo"
      title={command}
      aria-label={`Copy the command that undoes it: ${command}`}
      onClick={() => clipboard.copy(command)}
    >
      {clipboard.copied ? <CheckIcon /> : <UndoIcon />}
    </UnstyledButton>
  );
}
